// SPDX-License-Identifier: LGPL-2.1-or-later
// Ranges that begin and end anywhere: which frames come out of the demuxer, and that decoders show
// the picture of start-timestamp. What is expected is worked out here, from the manifest.
#include <gio/gio.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

struct Range {
  int64_t startMs = 0;
  int64_t endMs = 0;
  bool leadIn = true;
  bool trimEnd = true;
  bool serverSelector = false;
  bool serverTimeline = false;

  std::string text() const {
    return std::to_string(startMs) + " to " + std::to_string(endMs) + (leadIn ? ", lead-in" : "") +
           (trimEnd ? ", trim-end" : "");
  }
};

/// The part of a manifest that a range is to give.
class Selection {
 public:
  Selection(const Manifest& all, const Range& range) : all_(all), range_(range) {
    for (const auto& fragment : all.fragments) {
      const int64_t begin = beginMs(fragment);
      if ((begin >= range.startMs && begin <= range.endMs) || fragment.number == leadIn()) {
        keep(fragment);
      }
    }
  }

  const Manifest& kept() const { return kept_; }
  uint64_t trimmed() const { return trimmed_; }

 private:
  using Frames = std::vector<Manifest::Frame>;

  int64_t beginMs(const Manifest::Fragment& fragment) const {
    return range_.serverSelector ? fragment.serverMs : fragment.producerMs;
  }
  int64_t timeMs(const Manifest::Frame& frame) const {
    return range_.serverSelector ? frame.serverTimeMs : frame.timeMs;
  }

  /// Number of the fragment that began before the range and covers its start; "" if there is none.
  std::string leadIn() const {
    const Manifest::Fragment* last = nullptr;
    for (const auto& fragment : all_.fragments) {
      if (beginMs(fragment) < range_.startMs &&
          (last == nullptr || beginMs(fragment) > beginMs(*last))) {
        last = &fragment;
      }
    }
    if (!range_.leadIn || last == nullptr) {
      return "";
    }
    const int64_t listedEnd = beginMs(*last) + last->lengthMs;
    const bool isOneAtStart =
        std::any_of(all_.fragments.begin(), all_.fragments.end(),
                    [&](const auto& fragment) { return beginMs(fragment) == range_.startMs; });
    const bool mayReach = !isOneAtStart && listedEnd + 1000 > range_.startMs;
    return listedEnd > range_.startMs || (mayReach && framesReachStart(*last)) ? last->number : "";
  }

  /// Whether a frame of it is shown until more than a millisecond, for rounding, behind the start.
  bool framesReachStart(const Manifest::Fragment& fragment) const {
    std::map<int, std::set<int64_t>> times;
    for (const auto& frame : all_.frames) {
      if (frame.fragment == fragment.number) {
        times[frame.track].insert(timeMs(frame));
      }
    }
    return std::any_of(times.begin(), times.end(), [&](const auto& track) {
      const int64_t last = *track.second.rbegin();
      const int64_t lasts = track.second.size() > 1 ? last - *std::next(track.second.rbegin()) : 0;
      return last >= range_.startMs || last + lasts - 1 > range_.startMs;
    });
  }

  /// Keeps what there is of a fragment in the range, if anything.
  void keep(const Manifest::Fragment& fragment) {
    Frames frames;
    for (const auto& frame : all_.frames) {
      if (frame.fragment == fragment.number) {
        frames.push_back(frame);
      }
    }
    const size_t before = frames.size();
    if (beginMs(fragment) < range_.startMs) {
      dropBeforeStart(&frames);
    }
    if (range_.trimEnd) {
      dropBehindEnd(&frames);
    }
    if (frames.empty()) {
      return;
    }
    trimmed_ += before - frames.size();
    kept_.fragments.push_back(fragment);
    kept_.frames.insert(kept_.frames.end(), frames.begin(), frames.end());
  }

  void dropBeforeStart(Frames* frames) const {
    const bool hasVideo = std::any_of(frames->begin(), frames->end(),
                                      [](const auto& frame) { return frame.trackType == "video"; });
    std::map<int, size_t> first;  // by track
    std::optional<int64_t> keyMs;
    for (size_t i = 0; i < frames->size(); ++i) {
      const Manifest::Frame& frame = (*frames)[i];
      const bool video = frame.trackType == "video";
      if (timeMs(frame) <= range_.startMs && (video ? frame.key : !hasVideo)) {
        first[frame.track] = i;
        keyMs = video ? timeMs(frame) : keyMs;
      }
    }
    Frames kept;
    for (size_t i = 0; i < frames->size(); ++i) {
      const Manifest::Frame& frame = (*frames)[i];
      const auto from = first.find(frame.track);
      const bool tooEarly = from != first.end()
                                ? i < from->second
                                : keyMs && frame.trackType != "video" && timeMs(frame) < *keyMs;
      if (!tooEarly) {
        kept.push_back(frame);
      }
    }
    *frames = kept;
  }

  void dropBehindEnd(Frames* frames) const {
    Frames kept;
    std::set<int> reached;
    for (auto frame = frames->rbegin(); frame != frames->rend(); ++frame) {
      if (timeMs(*frame) <= range_.endMs) {
        reached.insert(frame->track);
      }
      if (reached.count(frame->track) != 0) {
        kept.insert(kept.begin(), *frame);
      }
    }
    *frames = kept;
  }

  const Manifest& all_;
  const Range range_;
  Manifest kept_;
  uint64_t trimmed_ = 0;
};

/// What the element answers at the end of its stream.
struct AtTheEnd {
  gint64 durationNs = -1;
};

GstPadProbeReturn onEvent(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_EOS) {
    gst_pad_query_duration(pad, GST_FORMAT_TIME, &static_cast<AtTheEnd*>(data)->durationNs);
  }
  return GST_PAD_PROBE_OK;
}

std::string epochSeconds(int64_t ms) {
  const std::string digits = std::to_string(1000 + ms % 1000);
  return std::to_string(ms / 1000) + "." + digits.substr(1);
}

GstElement* makeRangeSource(const std::string& url, const Range& range) {
  GstElement* source = makeSource(url, "cam1");
  g_object_set(source, "start-timestamp", epochSeconds(range.startMs).c_str(), "end-timestamp",
               epochSeconds(range.endMs).c_str(), "lead-in", range.leadIn, "trim-end",
               range.trimEnd, nullptr);
  if (range.serverSelector) {
    gst_util_set_object_arg(G_OBJECT(source), "fragment-selector-type", "server-timestamp");
  }
  if (range.serverTimeline) {
    gst_util_set_object_arg(G_OBJECT(source), "timeline", "server");
  }
  return source;
}

void expectNothing(const Played& played) {
  EXPECT_EQ(played.frames(), 0U);
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.error->domain, "gst-resource-error-quark");
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_FOUND) << played.error->message;
}

/// The list is complete: up to the end of its last fragment, or of the range where that is cut.
int64_t expectedDurationMs(const Manifest& kept, const Range& range, int64_t originMs) {
  int64_t end = 0;
  for (const auto& fragment : kept.fragments) {
    end = std::max(
        end, fragment.lengthMs + (range.serverTimeline ? fragment.serverMs : fragment.producerMs));
  }
  if (range.trimEnd && range.serverTimeline == range.serverSelector) {
    end = std::min(end, range.endMs);
  }
  return std::max<int64_t>(end - originMs, 0);
}

void expectRange(const EmulatorProcess& emulator, const Manifest& manifest, const Range& range) {
  SCOPED_TRACE(range.text());
  const Selection selection(manifest, range);
  GstElement* source = makeRangeSource(emulator.url(), range);
  AtTheEnd atTheEnd;
  GstPad* pad = gst_element_get_static_pad(source, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, onEvent, &atTheEnd, nullptr);
  gst_object_unref(pad);
  const Played played = play(source);
  if (selection.kept().frames.empty()) {
    expectNothing(played);
    return;
  }
  ExpectOptions options;
  options.serverTimeline = range.serverTimeline;
  options.stored = &manifest;
  expectPlayed(selection.kept(), played, options);
  EXPECT_TRUE(played.warnings.empty()) << played.warnings.front();
  EXPECT_EQ(played.stats.at("frames-trimmed"), selection.trimmed());
  EXPECT_EQ(played.stats.at("frames-dropped"), 0U);
  EXPECT_EQ(atTheEnd.durationNs,
            expectedDurationMs(selection.kept(), range,
                               static_cast<int64_t>(played.originNs / GST_MSECOND)) *
                static_cast<int64_t>(GST_MSECOND));
}

/// Times worth beginning or ending a range at, by the clock that the range is given in.
std::vector<int64_t> interestingTimes(const Manifest& manifest, bool server) {
  std::set<int64_t> times;
  const size_t count = manifest.fragments.size();
  for (size_t i = 0; i < count; ++i) {
    const auto& fragment = manifest.fragments[i];
    const int64_t begin = server ? fragment.serverMs : fragment.producerMs;
    const int64_t end = begin + fragment.lengthMs;
    const bool beforeGap = i + 1 < count && manifest.fragments[i + 1].producerMs >
                                                fragment.producerMs + fragment.lengthMs + 1000;
    if (i == 0) {
      times.insert({begin - 30'000, begin - 1, begin, begin + 1});
    }
    if (i == 1) {
      times.insert({begin - 1, begin, begin + 1, begin + 350, begin + fragment.lengthMs / 2,
                    end - 101, end - 1});
    }
    if (beforeGap) {
      times.insert({end - 150, end, end + 1, end + 2000});
    }
    if (i + 1 == count) {
      times.insert({begin, begin + 450, end - 1, end + 60'000});
    }
  }
  return {times.begin(), times.end()};
}

/// Each time as start and as end of several ranges, with all values of the two properties.
void expectAnyRange(const EmulatorProcess& emulator, bool serverSelector, bool serverTimeline) {
  const Manifest manifest = emulator.manifest("cam1");
  const std::vector<int64_t> times = interestingTimes(manifest, serverSelector);
  ASSERT_GT(times.size(), 10U);
  for (size_t i = 0; i + 1 < times.size(); ++i) {
    // The next time, and every other time one further on.
    for (const size_t step :
         i % 2 == 0 ? std::vector{size_t{1}} : std::vector{size_t{1}, 2 + i % 5}) {
      const size_t end = std::min(i + step, times.size() - 1);
      const bool leadIn = (i + step) % 4 != 3;
      const bool trimEnd = (i + 2 * step) % 3 != 2;
      expectRange(emulator, manifest,
                  {times[i], times[end], leadIn, trimEnd, serverSelector, serverTimeline});
      if (testing::Test::HasFailure()) {
        return;  // one is enough to look at
      }
    }
  }
}

std::string configOf(const std::string& recording) {
  return R"({"streams": [{"name": "cam1", "recordings": [)" + recording + "]}]}";
}

/// Frames are decoded in another order than shown; one gap.
std::string reordered() {
  return configOf(R"({"type": "generated", "width": 160, "height": 120, "fragments": 6,
      "fragment-duration": 1, "fps": 10, "b-frames": 2, "audio": [{"codec": "aac"}],
      "start": "2026-03-01T10:00:00.250Z", "gaps": [{"after-fragment": 4, "seconds": 5}]})");
}

std::string audioOnly() {
  return configOf(R"({"type": "generated", "video": "none", "fragments": 5,
      "fragment-duration": 1, "start": "2026-03-01T10:00:00Z",
      "audio": [{"codec": "aac", "name": "AUDIO_FROM_CUSTOMER"},
                {"codec": "alaw", "name": "AUDIO_TO_CUSTOMER"}],
      "gaps": [{"after-fragment": 3, "seconds": 7}]})");
}

/// A file of 8 s with a key frame every half second, so that fragments of 2 s have four. Made by
/// another program, since builds with sanitizers load no encoders.
class KeyFrameFile {
 public:
  KeyFrameFile() {
    const std::string launch =
        "gst-launch-1.0 -q matroskamux name=mux ! filesink location=" + std::string(file_.path()) +
        " videotestsrc num-buffers=80 pattern=ball ! "
        "video/x-raw,width=160,height=120,framerate=10/1 ! "
        "x264enc speed-preset=ultrafast key-int-max=5 bframes=2 b-adapt=false "
        "option-string=scenecut=0:min-keyint=5:open-gop=0 ! h264parse ! mux. "
        "audiotestsrc num-buffers=375 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=1 ! "
        "avenc_aac ! aacparse ! mux.";
    GSubprocessLauncher* launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
    for (const char* variable : {"GST_PLUGIN_PATH", "GST_PLUGIN_SYSTEM_PATH", "GST_REGISTRY"}) {
      g_subprocess_launcher_unsetenv(launcher, variable);
    }
    g_auto(GStrv) arguments = g_strsplit(launch.c_str(), " ", -1);
    g_autoptr(GError) error = nullptr;
    GSubprocess* process = g_subprocess_launcher_spawnv(launcher, arguments, &error);
    g_assert_no_error(error);
    g_assert_true(g_subprocess_wait_check(process, nullptr, &error));
    g_object_unref(process);
    g_object_unref(launcher);
  }

  std::string config() const {
    return configOf(R"({"type": "file", "path": ")" + std::string(file_.path()) +
                    R"(", "fragment-duration": 2, "start": "2026-03-01T10:00:00Z"})");
  }

 private:
  const TempFile file_{""};
};

TEST(Range, ReorderedVideoAndAudio) {
  const EmulatorProcess emulator(reordered());
  expectAnyRange(emulator, false, false);
}

TEST(Range, SeveralKeyFramesInAFragment) {
  const KeyFrameFile file;
  const EmulatorProcess emulator(file.config());
  const Manifest manifest = emulator.manifest("cam1");
  ASSERT_EQ(manifest.fragments.size(), 4U);
  ASSERT_EQ(
      std::count_if(manifest.frames.begin(), manifest.frames.end(),
                    [](const auto& frame) { return frame.trackType == "video" && frame.key; }),
      16);
  expectAnyRange(emulator, false, false);
}

TEST(Range, AudioOnly) {
  const EmulatorProcess emulator(audioOnly());
  expectAnyRange(emulator, false, false);
}

TEST(Range, ByTheServersClock) {
  const EmulatorProcess emulator(reordered());
  expectAnyRange(emulator, true, true);
}

TEST(Range, SelectedByTheServersClockOnTheProducersTimeline) {
  const EmulatorProcess emulator(reordered());
  expectAnyRange(emulator, true, false);
}

TEST(Range, SelectedByTheProducersClockOnTheServersTimeline) {
  const EmulatorProcess emulator(reordered());
  expectAnyRange(emulator, false, true);
}

/// What docs/elements.md tells users to do after an error, step by step.
TEST(Range, ARunThatFailedGoesOnWhereItStopped) {
  const EmulatorProcess emulator(reordered());
  const Manifest manifest = emulator.manifest("cam1");
  for (const bool server : {false, true}) {
    Range range{0, 4'000'000'000'000, true, true, server, server};
    emulator.setFaults(R"({"faults": [{"kind": "cut", "operation": "GetMediaForFragmentList",
        "fragment-position": 4, "at": "mid-block", "request": "every"}]})");
    GstElement* source = makeRangeSource(emulator.url(), range);
    g_object_set(source, "retries", 0, nullptr);
    const Played first = play(source);
    emulator.setFaults(R"({"faults": []})");
    ASSERT_TRUE(first.error);
    ASSERT_EQ(first.error->details.at("last-fragment-number"), manifest.fragments[2].number);
    range.startMs = std::stoll(first.error->details.at("last-fragment-timestamp")) / GST_MSECOND;
    EXPECT_EQ(range.startMs,
              server ? manifest.fragments[2].serverMs : manifest.fragments[2].producerMs);
    range.leadIn = false;
    const Played second = play(makeRangeSource(emulator.url(), range));
    EXPECT_TRUE(second.eos);
    size_t cutOff = 0;
    for (const std::string track : {"video_0", "audio_0"}) {
      const PlayedTrack& before = first.tracks.at(track);
      const PlayedTrack& after = second.tracks.at(track);
      ASSERT_EQ(before.events.size(), 4U);
      ASSERT_EQ(after.events.at(0).number, manifest.fragments[2].number);
      std::vector<PlayedFrame> frames(
          before.frames.begin(),
          before.frames.begin() + static_cast<long>(before.events[3].framesBefore));
      cutOff += before.frames.size() - frames.size();
      frames.insert(frames.end(),
                    after.frames.begin() + static_cast<long>(after.events.at(1).framesBefore),
                    after.frames.end());
      std::vector<Manifest::Frame> stored;
      std::copy_if(manifest.frames.begin(), manifest.frames.end(), std::back_inserter(stored),
                   [&](const auto& frame) { return track == frame.trackType + "_0"; });
      ASSERT_EQ(frames.size(), stored.size());
      for (size_t i = 0; i < stored.size(); ++i) {
        EXPECT_EQ(frames[i].sha256, stored[i].sha256) << track << " " << i;
        EXPECT_EQ(frames[i].wallNs / static_cast<int64_t>(GST_MSECOND),
                  server ? stored[i].serverTimeMs : stored[i].timeMs);
      }
    }
    EXPECT_GT(cutOff, 0U);
  }
}

/// One track of AAC, whose frames are not at the fragments' own times.
class RangeWithoutFrames : public testing::Test {
 protected:
  RangeWithoutFrames() {
    const auto& second = manifest_.fragments[1];
    beginMs_ = second.producerMs;
    const auto first =
        std::find_if(manifest_.frames.begin(), manifest_.frames.end(),
                     [&](const auto& frame) { return frame.fragment == second.number; });
    firstFrameMs_ = first->timeMs;
  }

  const EmulatorProcess emulator_{configOf(
      R"({"type": "generated", "video": "none", "fragments": 3, "fragment-duration": 1,
          "start": "2026-03-01T10:00:00Z", "audio": [{"codec": "aac"}]})")};
  const Manifest manifest_ = emulator_.manifest("cam1");
  int64_t beginMs_ = 0;       ///< of the second fragment
  int64_t firstFrameMs_ = 0;  ///< of it
};

TEST_F(RangeWithoutFrames, IsToldAsEmpty) {
  ASSERT_GT(firstFrameMs_, beginMs_ + 1);
  const Range range{beginMs_, firstFrameMs_ - 1};
  const Played played = play(makeRangeSource(emulator_.url(), range));
  expectNothing(played);
  ASSERT_TRUE(played.error);
  EXPECT_NE(played.error->message.find("has a frame between 2026-03-01T10:00:01.000Z and "),
            std::string::npos)
      << played.error->message;
  EXPECT_EQ(played.stats.at("fragments-listed"), 0U);
  EXPECT_EQ(played.stats.at("fragments-delivered"), 0U);
  EXPECT_EQ(played.stats.at("frames-delivered"), 0U);
}

TEST_F(RangeWithoutFrames, AtTheEndIsLikeAFragmentBehindIt) {
  expectRange(emulator_, manifest_, {beginMs_ - 500, beginMs_});
}

/// Decoded pictures by wall clock.
using Pictures = std::map<int64_t, std::string>;

GstPadProbeReturn onPicture(GstPad*, GstPadProbeInfo* info, gpointer data) {
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  GstCaps* caps = gst_caps_new_empty_simple("timestamp/x-unix");
  const auto* meta = gst_buffer_get_reference_timestamp_meta(buffer, caps);
  gst_caps_unref(caps);
  GstMapInfo map;
  if (meta != nullptr && gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
    g_autofree gchar* sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, map.data, map.size);
    (*static_cast<Pictures*>(data))[static_cast<int64_t>(meta->timestamp / GST_MSECOND)] = sum;
    gst_buffer_unmap(buffer, &map);
  }
  return GST_PAD_PROBE_OK;
}

/// Links the video to the decoder; the demuxer's other pads stay as they are.
void onDemuxed(GstElement*, GstPad* pad, gpointer data) {
  g_autofree gchar* name = gst_pad_get_name(pad);
  auto* pipeline = static_cast<GstElement*>(data);
  const bool video = g_str_has_prefix(name, "video") != FALSE;
  GstElement* next = video ? gst_bin_get_by_name(GST_BIN(pipeline), "video")
                           : gst_element_factory_make("fakesink", nullptr);
  if (!video) {
    g_object_set(next, "async", FALSE, nullptr);
    gst_object_ref_sink(next);
    gst_bin_add(GST_BIN(pipeline), next);
    gst_element_sync_state_with_parent(next);
  }
  GstPad* sink = gst_element_get_static_pad(next, "sink");
  gst_pad_link(pad, sink);
  gst_object_unref(sink);
  gst_object_unref(next);
}

Pictures decode(GstElement* source) {
  Pictures pictures;
  g_autoptr(GError) error = nullptr;
  GstElement* pipeline = gst_parse_launch(
      "matroskademux name=demux h264parse name=video ! avdec_h264 max-threads=1 ! "
      "fakesink name=sink sync=false async=false",
      &error);
  g_assert_no_error(error);
  GstElement* demux = gst_bin_get_by_name(GST_BIN(pipeline), "demux");
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
  gst_bin_add(GST_BIN(pipeline), source);
  gst_element_link(source, demux);
  g_signal_connect(demux, "pad-added", G_CALLBACK(onDemuxed), pipeline);
  GstPad* pad = gst_element_get_static_pad(sink, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, onPicture, &pictures, nullptr);
  gst_object_unref(pad);
  EXPECT_EQ(playToEnd(pipeline), "");
  gst_object_unref(demux);
  gst_object_unref(sink);
  gst_object_unref(pipeline);
  return pictures;
}

/// Time of the picture that is on the screen at that time.
int64_t shownAt(const Pictures& pictures, int64_t ms) {
  auto next = pictures.upper_bound(ms);
  return next == pictures.begin() ? -1 : std::prev(next)->first;
}

void expectDecodable(const EmulatorProcess& emulator, const std::vector<Range>& ranges) {
  const Pictures all = decode(makeSource(emulator.url(), "cam1"));
  const Manifest manifest = emulator.manifest("cam1");
  EXPECT_EQ(static_cast<long>(all.size()),
            std::count_if(manifest.frames.begin(), manifest.frames.end(),
                          [](const auto& frame) { return frame.trackType == "video"; }));
  std::set<std::string> different;
  for (const auto& [time, picture] : all) {
    different.insert(picture);
  }
  EXPECT_GT(different.size(), all.size() / 2);
  for (const Range& range : ranges) {
    SCOPED_TRACE(range.text());
    const Pictures some = decode(makeRangeSource(emulator.url(), range));
    EXPECT_EQ(some.count(shownAt(all, range.startMs)), 1U);
    EXPECT_EQ(some.count(shownAt(all, range.endMs)), 1U);
    for (const auto& [time, picture] : some) {
      ASSERT_EQ(all.count(time), 1U) << time;
      EXPECT_EQ(all.at(time), picture) << time;
    }
    // Nothing is missing between the two.
    const auto isInside = [&](const auto& picture) {
      return picture.first >= range.startMs && picture.first <= range.endMs;
    };
    EXPECT_EQ(std::count_if(some.begin(), some.end(), isInside),
              std::count_if(all.begin(), all.end(), isInside));
  }
}

class RangeDecoded : public testing::Test {
 protected:
  void SetUp() override {
    GstElementFactory* factory = gst_element_factory_find("avdec_h264");
    if (factory == nullptr) {
      GTEST_SKIP() << "no avdec_h264";
    }
    gst_object_unref(factory);
  }
};

TEST_F(RangeDecoded, ShowsThePictureOfTheStart) {
  const EmulatorProcess emulator(reordered());
  const int64_t begin = emulator.manifest("cam1").fragments.front().producerMs;
  std::vector<Range> ranges;
  for (const int64_t start : {0, 1, 399, 400, 750, 950, 1000, 1950, 3999}) {
    ranges.push_back({begin + start, begin + start + 1});
    ranges.push_back({begin + start, begin + start + 1430});
  }
  expectDecodable(emulator, ranges);
}

TEST_F(RangeDecoded, BeginsWithinAFragment) {
  const KeyFrameFile file;
  const EmulatorProcess emulator(file.config());
  const int64_t begin = emulator.manifest("cam1").fragments.front().producerMs;
  std::vector<Range> ranges;
  for (const int64_t start : {200, 499, 500, 501, 990, 1750, 1999, 2000, 3333, 7400}) {
    ranges.push_back({begin + start, begin + start + 333});
  }
  expectDecodable(emulator, ranges);
}

}  // namespace
}  // namespace kvsarchive::test
