// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/tracks.h"

#include <gtest/gtest.h>

#include "support/chunk_builder.h"
#include "support/document_reader.h"
#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {
namespace {

using test::element;
using test::TrackSpec;
using test::unsignedElement;

std::string payloadOf(const std::vector<TrackSpec>& tracks) {
  return test::tracksElement(tracks, 8).substr(12);
}

Error errorOf(const std::string& payload) {
  const auto tracks = parseTracks(payload);
  EXPECT_FALSE(tracks.ok());
  return tracks ? Error() : tracks.error();
}

TEST(Tracks, ReadsAllFields) {
  const auto tracks =
      parseTracks(payloadOf({TrackSpec(), test::audioTrack(2, "AUDIO_TO_CUSTOMER")}));
  ASSERT_TRUE(tracks.ok());
  ASSERT_EQ(tracks->size(), 2U);
  const Track& audio = (*tracks)[1];
  EXPECT_EQ(audio.number, 2U);
  EXPECT_EQ(audio.uid, 12U);
  EXPECT_EQ(audio.type, TrackType::kAudio);
  EXPECT_EQ(audio.codecId, "A_AAC");
  EXPECT_EQ(audio.name, "AUDIO_TO_CUSTOMER");
  EXPECT_EQ(audio.parameters, element(0x63A2, "aac"));
  EXPECT_EQ(describe((*tracks)[0]), "video track 1 (V_MPEG4/ISO/AVC)");
  EXPECT_EQ(describe(audio), "audio track 2 (A_AAC)");
}

TEST(Tracks, CutsPaddingOffNames) {
  TrackSpec padded;
  padded.codecId = std::string("V_MPEG4/ISO/AVC") + std::string(17, '\0');
  padded.name = std::string("kinesis") + std::string(25, '\0');
  const auto tracks = parseTracks(payloadOf({padded}));
  ASSERT_TRUE(tracks.ok());
  EXPECT_EQ((*tracks)[0].codecId, "V_MPEG4/ISO/AVC");
  EXPECT_EQ((*tracks)[0].name, "kinesis");
}

TEST(Tracks, KeepsParametersAsTheyStandAndStripsWhatBreaksTimes) {
  const std::string video = element(0xE0, unsignedElement(0xB0, 640) + element(0xEC, "v"), 8);
  const std::string duration = unsignedElement(0x23E383, 40'000'000, 8);
  TrackSpec track;
  track.extra = element(0x23314F, std::string("\x40\0\0\0", 4)) + video + element(0xEC, "void") +
                duration + element(0xBF, "crc1");
  const auto tracks = parseTracks(payloadOf({track}));
  ASSERT_TRUE(tracks.ok());
  EXPECT_EQ((*tracks)[0].parameters, element(0x63A2, "private") + video + duration);
}

TEST(Tracks, RefusesMissingAndRepeatedNumbers) {
  TrackSpec zero;
  zero.number = 0;
  EXPECT_NE(errorOf(payloadOf({zero})).message.find("without a usable number"), std::string::npos);
  EXPECT_NE(errorOf(payloadOf({TrackSpec(), TrackSpec()})).message.find("one number"),
            std::string::npos);
  EXPECT_EQ(errorOf("").kind, ErrorKind::kDecode);
  EXPECT_EQ(errorOf(element(0xEC, "void")).kind, ErrorKind::kDecode);
}

TEST(Tracks, RefusesNumbersThatNoBlockCanName) {
  TrackSpec track;
  track.number = (uint64_t{1} << 56) - 2;
  EXPECT_TRUE(parseTracks(payloadOf({track})).ok());
  for (const uint64_t number : {(uint64_t{1} << 56) - 1, uint64_t{1} << 60, UINT64_MAX}) {
    track.number = number;
    EXPECT_EQ(errorOf(payloadOf({track})).kind, ErrorKind::kDecode) << number;
  }
}

TEST(Tracks, RefusesTracksByTheThousand) {
  std::vector<TrackSpec> many;
  for (uint64_t number = 1; number <= 64; ++number) {
    many.push_back(test::audioTrack(number));
  }
  EXPECT_TRUE(parseTracks(payloadOf(many)).ok());
  many.push_back(test::audioTrack(128));
  EXPECT_NE(errorOf(payloadOf(many)).message.find("64"), std::string::npos);
}

TEST(Tracks, OtherTypesAreNotTakenForVideo) {
  const std::string entry = element(
      0xAE, unsignedElement(0xD7, 1) + unsignedElement(0x83, 257) + element(0x86, "S_TEXT/UTF8"));
  const auto tracks = parseTracks(entry);
  ASSERT_TRUE(tracks.ok());
  EXPECT_NE((*tracks)[0].type, TrackType::kVideo);
  EXPECT_EQ(describe((*tracks)[0]), "other track 1 (S_TEXT/UTF8)");
}

TEST(Tracks, EveryCutIsRefused) {
  const std::string payload = payloadOf({TrackSpec(), test::audioTrack()});
  const size_t firstEntry = test::trackEntry(TrackSpec()).size();
  for (size_t length = 0; length < payload.size(); ++length) {
    EXPECT_EQ(parseTracks(payload.substr(0, length)).ok(), length == firstEntry) << length;
  }
}

TEST(Tracks, WritesWhatItRead) {
  TrackSpec withoutUid;
  withoutUid.number = 300;
  withoutUid.uid = 0;
  const std::vector<TrackSpec> specs = {withoutUid, test::audioTrack(2, "left")};
  const auto tracks = parseTracks(payloadOf(specs));
  ASSERT_TRUE(tracks.ok());
  const std::string header = element(0x1A45DFA3, "") + test::openElement(0x18538067) +
                             element(0x1549A966, unsignedElement(0x2AD7B1, 1));
  const test::Document document = test::readDocument(header + writeTracks(*tracks));
  // matroskademux ends the stream at a TrackUID of 0, so that a missing one is not written as 0.
  EXPECT_EQ(document.problem, "");
  ASSERT_EQ(document.tracks.size(), 1U);
  ASSERT_EQ(document.tracks[0].size(), 2U);
  EXPECT_EQ(document.tracks[0][0].number, 300U);
  EXPECT_EQ(document.tracks[0][1].uid, 12U);
  EXPECT_EQ(document.tracks[0][1].type, 2U);
  EXPECT_EQ(document.tracks[0][1].name, "left");
  EXPECT_EQ(document.tracks[0][1].codecId, "A_AAC");
  EXPECT_EQ(document.tracks[0][1].codecPrivate, "aac");
}

TEST(Tracks, NamesAreValidUtf8AndShownShort) {
  TrackSpec track;
  track.codecId = "V_\xFF" + std::string(1 << 20, 'x');
  track.name =
      "l\xC3"
      "ft";
  const auto tracks = parseTracks(payloadOf({track}));
  ASSERT_TRUE(tracks.ok());
  EXPECT_EQ((*tracks)[0].codecId.substr(0, 6), "V_\xEF\xBF\xBDx");
  EXPECT_EQ((*tracks)[0].name,
            "l\xEF\xBF\xBD"
            "ft");
  EXPECT_EQ(describe((*tracks)[0]),
            "video track 1 (V_\xEF\xBF\xBD" + std::string(59, 'x') + "...)");
}

TEST(Tracks, RefusesWhatCannotBeWrittenInOneElement) {
  TrackSpec track;
  track.codecId.assign(6 << 20, '\xFF');  // three times as long as valid UTF-8
  EXPECT_NE(errorOf(payloadOf({track})).message.find("15 MiB"), std::string::npos);
  track = TrackSpec();
  track.codecPrivate.assign((15 << 20) - 200, 'x');
  const auto tracks = parseTracks(payloadOf({track}));
  ASSERT_TRUE(tracks.ok());
  EXPECT_LE(writeTracks(*tracks).size(), size_t{15} << 20);
}

}  // namespace
}  // namespace kvsarchive::matroska
