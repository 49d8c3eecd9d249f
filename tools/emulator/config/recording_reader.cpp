// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/recording_reader.h"

#include <algorithm>
#include <cmath>

namespace kvsemulator {
namespace {

constexpr const char* kDefaultStart = "2026-03-01T10:00:00Z";
constexpr double kMaxSeconds = 1e9;
constexpr int kMaxFragments = 10'000'000;
constexpr int kMaxSize = 4096;

double readFragmentSeconds(JsonReader& json) {
  return json.number("fragment-duration", 2, 0.02, 3600);
}

/// A number of fragments, given as such or as a duration.
int readFragmentCount(JsonReader& json, double fragmentSeconds, int fallback) {
  if (json.has("duration")) {
    const double seconds = json.number("duration", 0, 0, kMaxSeconds);
    return std::max(1, static_cast<int>(std::ceil(seconds / fragmentSeconds - 1e-9)));
  }
  return static_cast<int>(json.integer("fragments", fallback, 1, kMaxFragments));
}

int64_t readServerOffsetMs(JsonReader& json) {
  return std::llround(json.number("server-offset", 0.12, -kMaxSeconds, kMaxSeconds) * 1000);
}

int readFragmentIndex(JsonReader& json, const char* name) {
  if (!json.has(name)) {
    json.fail(name, "is missing");
  }
  return static_cast<int>(json.integer(name, 1, 1, kMaxFragments));
}

int readSize(JsonReader& json, const char* name, int fallback) {
  const auto size = static_cast<int>(json.integer(name, fallback, 32, kMaxSize));
  if (size % 2 != 0) {
    json.fail(name, "must be even");
  }
  return size;
}

std::vector<AudioTrackOptions> readAudio(JsonReader& json) {
  std::vector<AudioTrackOptions> tracks;
  for (JsonReader& audio : json.objects("audio")) {
    AudioTrackOptions track;
    track.codec = audio.choice(
        "codec", AudioCodec::kAac,
        {{"aac", AudioCodec::kAac}, {"alaw", AudioCodec::kAlaw}, {"mulaw", AudioCodec::kMulaw}});
    track.name = audio.text("name", "audio" + std::to_string(tracks.size() + 1));
    audio.finish();
    tracks.push_back(std::move(track));
  }
  return tracks;
}

void readEvents(JsonReader& json, GeneratedOptions& options) {
  for (JsonReader& gap : json.objects("gaps")) {
    options.gaps.push_back(
        {readFragmentIndex(gap, "after-fragment"), gap.number("seconds", 10, 0, kMaxSeconds)});
    gap.finish();
  }
  for (JsonReader& restart : json.objects("restarts")) {
    RestartOptions entry;
    entry.afterFragment = readFragmentIndex(restart, "after-fragment");
    entry.timecodes = restart.choice("timecodes", RestartTimecodes::kZero,
                                     {{"zero", RestartTimecodes::kZero},
                                      {"equal", RestartTimecodes::kEqual},
                                      {"falling", RestartTimecodes::kFalling}});
    entry.pauseSeconds = restart.number("pause", 1.5, 0, kMaxSeconds);
    entry.clockStepSeconds = restart.number("clock-step", 0, -kMaxSeconds, kMaxSeconds);
    restart.finish();
    options.restarts.push_back(entry);
  }
  for (JsonReader& resize : json.objects("resolution-changes")) {
    options.resizes.push_back({readFragmentIndex(resize, "at-fragment"),
                               readSize(resize, "width", 640), readSize(resize, "height", 480)});
    resize.finish();
  }
}

void readTags(JsonReader& json, GeneratedOptions& options) {
  for (JsonReader& tag : json.objects("tags")) {
    FragmentTagOptions entry;
    entry.fragment = static_cast<int>(tag.integerOr("fragment", "every", 1).value_or(0));
    entry.beforeInfo =
        tag.choice("position", false, {{"before-info", true}, {"after-cluster", false}});
    entry.tag = {tag.text("name", "tag"), tag.text("value", "value")};
    tag.finish();
    options.tags.push_back(std::move(entry));
  }
}

void readFlaws(JsonReader& json, GeneratedOptions& options) {
  for (JsonReader& flaw : json.objects("flaws")) {
    FlawOptions entry;
    entry.fragment = static_cast<int>(flaw.integerOr("fragment", "every", 1).value_or(0));
    entry.track = static_cast<int>(flaw.integer("track", 1, 1, 100));
    entry.kind = flaw.choice("kind", FlawKind::kNoCodecPrivate,
                             {{"no-codec-private", FlawKind::kNoCodecPrivate},
                              {"bad-codec-private", FlawKind::kBadCodecPrivate},
                              {"bad-frame", FlawKind::kBadFrame}});
    flaw.finish();
    options.flaws.push_back(entry);
  }
}

GeneratedOptions readGenerated(JsonReader& json) {
  GeneratedOptions options;
  options.fragmentSeconds = readFragmentSeconds(json);
  options.fragments = readFragmentCount(json, options.fragmentSeconds, options.fragments);
  options.fps = static_cast<int>(json.integer("fps", options.fps, 1, 240));
  options.width = readSize(json, "width", options.width);
  options.height = readSize(json, "height", options.height);
  options.video = json.choice(
      "video", VideoCodec::kH264,
      {{"h264", VideoCodec::kH264}, {"h265", VideoCodec::kH265}, {"none", VideoCodec::kNone}});
  options.bFrames = static_cast<int>(json.integer("b-frames", 0, 0, 8));
  options.audio = readAudio(json);
  options.startMs = json.time("start", kDefaultStart);
  options.serverOffsetMs = readServerOffsetMs(json);
  readEvents(json, options);
  options.firstFragmentAudio = json.choice("first-fragment-audio", FirstFragmentAudio::kNormal,
                                           {{"normal", FirstFragmentAudio::kNormal},
                                            {"no-blocks", FirstFragmentAudio::kNoBlocks},
                                            {"no-track", FirstFragmentAudio::kNoTrack}});
  readTags(json, options);
  readFlaws(json, options);
  if (options.video == VideoCodec::kNone && options.audio.empty()) {
    json.fail("audio", "is needed when there is no video");
  }
  return options;
}

FileOptions readFile(JsonReader& json) {
  FileOptions options;
  options.path = json.text("path", "");
  options.fragmentSeconds = readFragmentSeconds(json);
  options.startMs = json.time("start", kDefaultStart);
  options.serverOffsetMs = readServerOffsetMs(json);
  return options;
}

BulkOptions readBulk(JsonReader& json) {
  BulkOptions options;
  options.fragmentSeconds = readFragmentSeconds(json);
  options.fragments = readFragmentCount(json, options.fragmentSeconds, options.fragments);
  options.fragmentBytes = json.integer("fragment-size", options.fragmentBytes, 64, 1 << 30);
  options.frameBytes = json.integer("frame-size", options.frameBytes, 64, 1 << 30);
  options.zeroPayload = json.choice("payload", false, {{"random", false}, {"zero", true}});
  options.unique = json.flag("unique", false);
  options.startMs = json.time("start", kDefaultStart);
  options.serverOffsetMs = readServerOffsetMs(json);
  return options;
}

enum class Kind { kGenerated, kFile, kRaw, kBulk };

}  // namespace

RecordingConfig readRecording(JsonReader& json, const Layout& streamLayout) {
  RecordingConfig config;
  config.layout = readLayout(json, streamLayout);
  config.live = json.flag("live", false);
  switch (json.choice("type", Kind::kGenerated,
                      {{"generated", Kind::kGenerated},
                       {"file", Kind::kFile},
                       {"raw", Kind::kRaw},
                       {"bulk", Kind::kBulk}})) {
    case Kind::kGenerated:
      config.options = readGenerated(json);
      break;
    case Kind::kFile:
      config.options = readFile(json);
      break;
    case Kind::kRaw:
      config.options = RawOptions{json.text("path", "")};
      break;
    case Kind::kBulk:
      config.options = readBulk(json);
      break;
  }
  json.finish();
  config.text = json.toText();
  return config;
}

Layout readLayout(JsonReader& parent, const Layout& fallback) {
  JsonReader json = parent.object("layout");
  Layout layout = fallback;
  layout.absoluteTimecodes = json.choice("timecodes", fallback.absoluteTimecodes,
                                         {{"relative", false}, {"absolute", true}});
  layout.knownClusterSize =
      json.choice("cluster-size", fallback.knownClusterSize, {{"unknown", false}, {"known", true}});
  layout.longTagNames =
      json.choice("tag-names", fallback.longTagNames, {{"short", false}, {"long", true}});
  layout.blockGroups =
      json.choice("blocks", fallback.blockGroups, {{"simple", false}, {"group", true}});
  layout.nulPadding = json.flag("nul-padding", fallback.nulPadding);
  layout.voidElements = json.flag("void", fallback.voidElements);
  layout.crc32 = json.flag("crc32", fallback.crc32);
  layout.seekHead = json.flag("seek-head", fallback.seekHead);
  layout.timecodePlace = json.choice("timecode-place", fallback.timecodePlace,
                                     {{"first", TimecodePlace::kFirst},
                                      {"second", TimecodePlace::kSecond},
                                      {"last", TimecodePlace::kLast}});
  layout.timecodeScale = json.integer("timecode-scale", fallback.timecodeScale, 1, 1'000'000'000);
  layout.clusters = static_cast<int>(json.integer("clusters", fallback.clusters, 1, 1000));
  json.finish();
  return layout;
}

}  // namespace kvsemulator
