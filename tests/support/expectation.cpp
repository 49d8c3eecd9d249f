// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/expectation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace kvsarchive::test {
namespace {

constexpr int64_t kNanosPerMilli = 1'000'000;

/// The manifest in the order in which it is to be played.
class Expectation {
 public:
  Expectation(const Manifest& manifest, const ExpectOptions& options)
      : fragments_(manifest.fragments), options_(options) {
    std::stable_sort(fragments_.begin(), fragments_.end(),
                     [&](const auto& a, const auto& b) { return fragmentMs(a) < fragmentMs(b); });
    for (const auto& frame : (options.stored != nullptr ? *options.stored : manifest).frames) {
      tracks_[frame.trackType].insert(frame.track);
    }
    for (const auto& fragment : fragments_) {
      for (const auto& frame : manifest.frames) {
        if (frame.fragment == fragment.number) {
          frames_.push_back(frame);
        }
      }
    }
  }

  const std::vector<Manifest::Fragment>& fragments() const { return fragments_; }
  size_t frames() const { return frames_.size(); }

  int64_t fragmentMs(const Manifest::Fragment& fragment) const {
    return options_.serverTimeline ? fragment.serverMs : fragment.producerMs;
  }
  int64_t frameMs(const Manifest::Frame& frame) const {
    return options_.serverTimeline ? frame.serverTimeMs : frame.timeMs;
  }

  /// Earliest frame of the first fragment that is played.
  int64_t originMs() const {
    int64_t origin = INT64_MAX;
    for (const auto& frame : frames_) {
      if (frame.fragment == frames_.front().fragment) {
        origin = std::min(origin, frameMs(frame));
      }
    }
    return origin;
  }

  /// Frames per track, tracks in order of their numbers, video and audio apart.
  std::map<int, std::vector<Manifest::Frame>> tracks(const std::string& type) const {
    std::map<int, std::vector<Manifest::Frame>> tracks;
    const auto numbers = tracks_.find(type);
    for (const int number : numbers != tracks_.end() ? numbers->second : std::set<int>()) {
      tracks[number];
    }
    for (const auto& frame : frames_) {
      if (frame.trackType == type) {
        tracks[frame.track].push_back(frame);
      }
    }
    return tracks;
  }

 private:
  std::vector<Manifest::Fragment> fragments_;
  ExpectOptions options_;
  std::vector<Manifest::Frame> frames_;
  std::map<std::string, std::set<int>> tracks_;  ///< numbers by type
};

void expectFrames(const Expectation& expected, const std::vector<Manifest::Frame>& stored,
                  const PlayedTrack& track) {
  ASSERT_EQ(track.frames.size(), stored.size());
  for (size_t i = 0; i < stored.size(); ++i) {
    const int64_t timeMs = expected.frameMs(stored[i]);
    ASSERT_EQ(track.frames[i].sha256, stored[i].sha256) << "frame " << i;
    ASSERT_EQ(track.frames[i].ptsNs, (timeMs - expected.originMs()) * kNanosPerMilli)
        << "frame " << i << " of fragment " << stored[i].fragment;
    ASSERT_EQ(track.frames[i].runningNs, track.frames[i].ptsNs) << "frame " << i;
    ASSERT_EQ(track.frames[i].wallNs, timeMs * kNanosPerMilli) << "frame " << i;
    ASSERT_EQ(track.frames[i].key, stored[i].key) << "frame " << i;
  }
}

void expectEvents(const Expectation& expected, const std::vector<Manifest::Frame>& stored,
                  const PlayedTrack& track) {
  const auto& fragments = expected.fragments();
  ASSERT_EQ(track.events.size(), fragments.size());
  size_t framesBefore = 0;
  for (size_t i = 0; i < fragments.size(); ++i) {
    const PlayedFragment& event = track.events[i];
    ASSERT_EQ(event.number, fragments[i].number);
    EXPECT_EQ(event.producerNs, static_cast<uint64_t>(fragments[i].producerMs * kNanosPerMilli));
    EXPECT_EQ(event.serverNs, static_cast<uint64_t>(fragments[i].serverMs * kNanosPerMilli));
    EXPECT_EQ(event.originNs, static_cast<uint64_t>(expected.originMs() * kNanosPerMilli));
    EXPECT_EQ(event.durationNs, static_cast<uint64_t>(fragments[i].lengthMs * kNanosPerMilli));
    EXPECT_EQ(event.size, fragments[i].sizeBytes);
    EXPECT_EQ(event.shiftNs, 0);
    EXPECT_EQ(event.framesBefore, framesBefore) << "event " << i;
    for (const auto& [name, value] : fragments[i].tags) {
      const auto tag = event.tags.find(name);
      ASSERT_NE(tag, event.tags.end()) << name;
      EXPECT_EQ(tag->second, value);
    }
    framesBefore +=
        static_cast<size_t>(std::count_if(stored.begin(), stored.end(), [&](const auto& frame) {
          return frame.fragment == fragments[i].number;
        }));
  }
}

void expectTracks(const Expectation& expected, const Played& played, const std::string& type) {
  int index = 0;
  for (const auto& [number, stored] : expected.tracks(type)) {
    const std::string pad = type + "_" + std::to_string(index++);
    SCOPED_TRACE(pad);
    if (stored.empty()) {
      continue;  // nothing to play: the number of all frames tells whether something was
    }
    const auto track = played.tracks.find(pad);
    ASSERT_NE(track, played.tracks.end());
    expectFrames(expected, stored, track->second);
    expectEvents(expected, stored, track->second);
    EXPECT_EQ(track->second.segments, 1);
  }
}

}  // namespace

void expectPlayed(const Manifest& manifest, const Played& played, const ExpectOptions& options) {
  const Expectation expected(manifest, options);
  ASSERT_FALSE(played.error) << played.error->message << " / " << played.error->debug;
  ASSERT_TRUE(played.eos);
  ASSERT_GT(expected.frames(), 0U);
  EXPECT_EQ(played.frames(), expected.frames());
  EXPECT_EQ(played.originNs, static_cast<uint64_t>(expected.originMs() * kNanosPerMilli));
  EXPECT_EQ(played.stats.at("fragments-listed"), manifest.fragments.size());
  EXPECT_EQ(played.stats.at("fragments-delivered"), manifest.fragments.size());
  EXPECT_EQ(played.stats.at("frames-delivered"), expected.frames());
  expectTracks(expected, played, "video");
  expectTracks(expected, played, "audio");
}

}  // namespace kvsarchive::test
