// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/cues.h"

#include <gtest/gtest.h>

#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {
namespace {

using std::chrono::milliseconds;
using test::element;
using test::unsignedElement;

std::string cue(uint64_t time, uint64_t track, uint64_t position) {
  return element(0xBB,
                 unsignedElement(0xB3, time) +
                     element(0xB7, unsignedElement(0xF7, track) + unsignedElement(0xF1, position)));
}

TEST(Cues, HaveTimeTrackAndPositionInTheSegment) {
  EXPECT_EQ(
      writeCues({{milliseconds(0), 1000}, {milliseconds(86'400'000), 1'000'000'000'000}}, 127, 52),
      element(0x1C53BB6B, cue(0, 127, 948) + cue(86'400'000, 127, 999'999'999'948)));
  EXPECT_EQ(writeCues({}, 127, 52), element(0x1C53BB6B, ""));
}

TEST(Cues, AreOfATrackThatIsNotThere) {
  Track track;
  std::vector<Track> tracks;
  EXPECT_EQ(unusedTrackNumber(tracks), 127U);
  for (const uint64_t number : {1, 127, 125, 126}) {
    track.number = number;
    tracks.push_back(track);
  }
  EXPECT_EQ(unusedTrackNumber(tracks), 124U);
}

}  // namespace
}  // namespace kvsarchive::matroska
