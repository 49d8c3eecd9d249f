// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/track_map.h"

#include <gtest/gtest.h>

namespace kvsarchive::matroska {
namespace {

Track video(uint64_t number, const std::string& codec = "V_MPEG4/ISO/AVC",
            const std::string& parameters = "p") {
  return {number, 1, TrackType::kVideo, codec, "", parameters};
}

Track audio(uint64_t number, const std::string& name = "", const std::string& codec = "A_AAC") {
  return {number, 2, TrackType::kAudio, codec, name, "a"};
}

/// "1>0 2>1": chunk's track numbers and what they map to, in the order of `tracks`.
std::string mapping(const TrackMap& map, const std::vector<Track>& tracks) {
  const TrackMap::Match match = map.match(tracks);
  std::string text;
  for (const Track& track : tracks) {
    const size_t index = match.indexOf(track.number);
    text += (text.empty() ? "" : " ") + std::to_string(track.number) + ">" +
            (index == TrackMap::Match::npos ? "-" : std::to_string(index));
  }
  return text;
}

TEST(TrackMap, PairsTheSameSetInAnyOrderAndUnderAnyNumber) {
  const TrackMap map({video(1), audio(2)});
  EXPECT_EQ(mapping(map, {video(1), audio(2)}), "1>0 2>1");
  EXPECT_EQ(mapping(map, {audio(2), video(1)}), "2>1 1>0");
  EXPECT_EQ(mapping(map, {audio(1), video(2)}), "1>1 2>0");
  EXPECT_EQ(mapping(map, {video(300), audio(7)}), "300>0 7>1");
  EXPECT_EQ(map.match({audio(1), video(2)}).difference, "");
}

TEST(TrackMap, TellsTwoAudioTracksApartByName) {
  const TrackMap map({audio(1, "AUDIO_FROM_CUSTOMER"), audio(2, "AUDIO_TO_CUSTOMER")});
  EXPECT_EQ(mapping(map, {audio(1, "AUDIO_TO_CUSTOMER"), audio(2, "AUDIO_FROM_CUSTOMER")}),
            "1>1 2>0");
  EXPECT_EQ(mapping(map, {audio(1, "AUDIO_TO_CUSTOMER")}), "1>1");
  EXPECT_EQ(mapping(map, {audio(5, "other"), audio(6, "AUDIO_FROM_CUSTOMER")}), "5>1 6>0");
}

TEST(TrackMap, TellsTracksWithoutNamesApartByNumberThenByOrder) {
  const TrackMap map({audio(1), audio(2)});
  EXPECT_EQ(mapping(map, {audio(2), audio(1)}), "2>1 1>0");
  EXPECT_EQ(mapping(map, {audio(2)}), "2>1");
  EXPECT_EQ(mapping(map, {audio(8), audio(9)}), "8>0 9>1");
}

TEST(TrackMap, EqualNamesAreToldApartByNumber) {
  const TrackMap map({audio(1, "mic"), audio(2, "mic")});
  EXPECT_EQ(mapping(map, {audio(2, "mic"), audio(1, "mic")}), "2>1 1>0");
}

TEST(TrackMap, AMissingTrackIsNoDifference) {
  const TrackMap map({video(1), audio(2)});
  const TrackMap::Match match = map.match({video(1)});
  EXPECT_EQ(match.difference, "");
  EXPECT_TRUE(match.surplus.empty());
}

TEST(TrackMap, NamesANewTrack) {
  const TrackMap map({video(1)});
  const TrackMap::Match match = map.match({video(1), audio(2)});
  ASSERT_EQ(match.surplus.size(), 1U);
  EXPECT_EQ(match.surplus[0].number, 2U);
  EXPECT_EQ(match.difference, "audio track 2 (A_AAC) is new");
  EXPECT_EQ(match.indexOf(2), TrackMap::Match::npos);
  EXPECT_EQ(map.match({video(1), video(2)}).difference, "video track 2 (V_MPEG4/ISO/AVC) is new");
}

TEST(TrackMap, NamesBothSidesOfACodecChange) {
  const TrackMap map({video(1), audio(2)});
  EXPECT_EQ(map.match({video(1, "V_MPEGH/ISO/HEVC"), audio(2)}).difference,
            "video track 1 (V_MPEG4/ISO/AVC) becomes video track 1 (V_MPEGH/ISO/HEVC)");
  EXPECT_EQ(map.match({video(1, "V_MPEGH/ISO/HEVC"), audio(2, "", "A_MS/ACM")}).difference,
            "video track 1 (V_MPEG4/ISO/AVC) becomes video track 1 (V_MPEGH/ISO/HEVC); "
            "audio track 2 (A_AAC) becomes audio track 2 (A_MS/ACM)");
}

TEST(TrackMap, ACodecChangeIsNotPinnedOnATrackThatWasFound) {
  const TrackMap map({video(1), audio(2)});
  EXPECT_EQ(map.match({audio(1), video(2, "V_MPEGH/ISO/HEVC")}).difference,
            "video track 1 (V_MPEG4/ISO/AVC) becomes video track 2 (V_MPEGH/ISO/HEVC)");
}

TEST(TrackMap, OneTrackIsNotReplacedTwice) {
  const TrackMap map({video(1)});
  EXPECT_EQ(map.match({video(1, "V_MPEGH/ISO/HEVC"), video(2, "V_VP8")}).difference,
            "video track 1 (V_MPEG4/ISO/AVC) becomes video track 1 (V_MPEGH/ISO/HEVC); "
            "video track 2 (V_VP8) is new");
}

TEST(TrackMap, TakesOverParametersOnlyWhereTheyDiffer) {
  TrackMap map({video(1), audio(2)});
  const std::vector<Track> same = {audio(5), video(6)};
  EXPECT_FALSE(map.update(same, map.match(same)));
  const std::vector<Track> larger = {video(6, "V_MPEG4/ISO/AVC", "1080p")};
  EXPECT_TRUE(map.update(larger, map.match(larger)));
  EXPECT_FALSE(map.update(larger, map.match(larger)));
  EXPECT_EQ(map.tracks()[0].parameters, "1080p");
  EXPECT_EQ(map.tracks()[0].number, 1U);
  EXPECT_EQ(map.tracks()[1].parameters, "a");
}

TEST(TrackMap, SurplusTracksChangeNothing) {
  TrackMap map({video(1)});
  const std::vector<Track> more = {video(1), audio(2)};
  EXPECT_FALSE(map.update(more, map.match(more)));
  EXPECT_EQ(map.tracks().size(), 1U);
}

TEST(TrackMap, DifferencesAreToldInOneBoundedLine) {
  std::vector<Track> many;
  for (uint64_t number = 1; number <= 64; ++number) {
    Track track;
    track.number = number;
    track.codecId = "A\n" + std::to_string(number) + std::string(10'000, 'x');
    many.push_back(track);
  }
  const TrackMap::Match match = TrackMap({Track()}).match(many);
  EXPECT_EQ(match.surplus.size(), 64U);
  EXPECT_LT(match.difference.size(), 1100U);
  EXPECT_EQ(match.difference.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace kvsarchive::matroska
