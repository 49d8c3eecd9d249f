// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::test {

/// One kind of recording that producers make.
struct Recording {
  const char* name;
  const char* layout;   ///< JSON object
  const char* options;  ///< JSON members of a generated recording
};

inline constexpr Recording kRecordings[] = {
    {"H264Aac", "{}", R"("audio": [{"codec": "aac"}])"},
    {"Hevc", "{}", R"("video": "h265")"},
    {"BFrames", "{}", R"("b-frames": 2, "audio": [{"codec": "aac"}])"},
    {"BFramesAbsolute", R"({"timecodes": "absolute"})", R"("b-frames": 3)"},
    {"AudioOnly", "{}", R"("video": "none", "audio": [{"codec": "aac"}])"},
    {"TwoAudioTracks", "{}",
     R"("video": "none", "audio": [{"codec": "aac", "name": "AUDIO_FROM_CUSTOMER"},
                                   {"codec": "aac", "name": "AUDIO_TO_CUSTOMER"}])"},
    {"AlawAcm", "{}", R"("audio": [{"codec": "alaw"}])"},
    {"MulawAcm", "{}", R"("audio": [{"codec": "mulaw"}])"},
    {"FirstFragmentWithoutAudio", "{}",
     R"("audio": [{"codec": "aac"}], "first-fragment-audio": "no-blocks")"},
    {"Gap", "{}", R"("gaps": [{"after-fragment": 3, "seconds": 600}])"},
    {"RestartAtZero", "{}",
     R"("audio": [{"codec": "aac"}],
        "restarts": [{"after-fragment": 4, "timecodes": "zero", "pause": 1.5}])"},
    {"RestartEqual", "{}",
     R"("restarts": [{"after-fragment": 1, "timecodes": "equal", "pause": 0.5}])"},
    {"RestartFalling", "{}",
     R"("restarts": [{"after-fragment": 4, "timecodes": "falling", "pause": 0}])"},
    {"RestartAbsolute", R"({"timecodes": "absolute"})",
     R"("restarts": [{"after-fragment": 4, "timecodes": "zero", "pause": 30}])"},
    {"ResolutionChange", "{}",
     R"("resolution-changes": [{"at-fragment": 3, "width": 400, "height": 300}])"},
    {"KnownClusterSize", R"({"cluster-size": "known"})", R"("audio": [{"codec": "aac"}])"},
    {"BlockGroups", R"({"blocks": "group"})", R"("audio": [{"codec": "aac"}], "b-frames": 2)"},
    {"TimecodeLast", R"({"timecode-place": "last", "cluster-size": "known"})", R"("fps": 10)"},
    {"TimecodeSecond", R"({"timecode-place": "second"})", R"("fps": 10)"},
    {"FineTimecodeScale", R"({"timecode-scale": 100000, "blocks": "group"})",
     R"("fps": 30, "audio": [{"codec": "aac"}])"},
    {"SeveralClusters", R"({"clusters": 3})", R"("audio": [{"codec": "aac"}])"},
    {"SeveralClustersAbsolute", R"({"clusters": 3, "timecodes": "absolute"})", R"("fps": 50)"},
    {"LongTagNames", R"({"tag-names": "long"})", R"("fps": 10)"},
    {"Ornaments",
     R"({"nul-padding": true, "void": true, "crc32": true, "seek-head": true,
         "cluster-size": "known"})",
     R"("audio": [{"codec": "aac"}])"},
    {"LongFragments", "{}", R"("fragments": 3, "fragment-duration": 40, "fps": 5)"},
    {"ProducerTags", "{}",
     R"("fps": 10, "tags": [
        {"fragment": 2, "name": "detected", "value": "cat", "position": "before-info"},
        {"fragment": 3, "name": "detected", "value": "dog", "position": "after-cluster"}])"},
};

/// The emulator's configuration with that recording as stream cam1.
inline std::string configOf(const Recording& recording) {
  return std::string(R"({"streams": [{"name": "cam1", "layout": )") + recording.layout +
         R"(, "recordings": [{"type": "generated", "width": 160, "height": 120, "fragments": 6,
            "fragment-duration": 1, "start": "2026-03-01T10:00:00.250Z", )" +
         recording.options + "}]}]}";
}

}  // namespace kvsarchive::test
