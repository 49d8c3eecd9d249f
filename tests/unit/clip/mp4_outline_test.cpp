// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/mp4_outline.h"

#include <gtest/gtest.h>

#include <string>

namespace kvsarchive::clip {
namespace {

std::string number(uint64_t value, size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[size - 1 - i] = static_cast<char>(value >> (8 * i) & 0xff);
  }
  return bytes;
}

std::string box(const std::string& type, const std::string& content) {
  return number(content.size() + 8, 4) + type + content;
}

/// Version 0 or 1; 90,000 ticks a second.
std::string movie(int version, uint64_t ticks) {
  const std::string times = version == 1
                                ? std::string(16, '\x7f') + number(90'000, 4) + number(ticks, 8)
                                : std::string(8, '\x7f') + number(90'000, 4) + number(ticks, 4);
  return box("moov", box("mvhd", number(static_cast<uint64_t>(version) << 24, 4) + times +
                                     std::string(80, '\0')) +
                         box("trak", std::string(100, '\x01')));
}

Status feed(Mp4Outline& outline, const std::string& bytes, size_t piece) {
  for (size_t i = 0; i < bytes.size(); i += piece) {
    Status done = outline.add(std::string_view(bytes).substr(i, piece));
    if (!done) {
      return done;
    }
  }
  return {};
}

TEST(Mp4Outline, FindsEndAndDurationHoweverItIsCut) {
  const std::string ftyp = box("ftyp", "isom0000");
  const std::string media = box("mdat", std::string(500, '\xff'));
  const std::string large = number(1, 4) + "mdat" + number(300 + 16, 8) + std::string(300, '\xee');
  const std::string files[] = {
      ftyp + movie(0, 450'000) + media,
      ftyp + movie(1, 450'000) + large,
      ftyp + media + movie(0, 450'000),
      ftyp + large + movie(1, 450'000) + box("free", ""),
  };
  for (const std::string& file : files) {
    for (const size_t piece : {size_t{1}, size_t{3}, size_t{50}, size_t{100'000}}) {
      Mp4Outline outline;
      ASSERT_TRUE(feed(outline, file, piece));
      EXPECT_TRUE(outline.end());
      ASSERT_TRUE(outline.duration());
      EXPECT_EQ(outline.duration()->count(), 5000);
    }
  }
}

TEST(Mp4Outline, AnyCutIsSeen) {
  const std::string ftyp = box("ftyp", "isom0000");
  const std::string file = ftyp + movie(0, 1) + box("mdat", std::string(50, 'x'));
  for (size_t size = 0; size < file.size(); ++size) {
    Mp4Outline outline;
    ASSERT_TRUE(feed(outline, file.substr(0, size), 7));
    const Status end = outline.end();
    ASSERT_FALSE(end) << size;
    EXPECT_EQ(end.error().kind, ErrorKind::kRead);
  }
}

TEST(Mp4Outline, AFragmentsMediaBelongToIt) {
  const std::string head = box("ftyp", "isom0000") + movie(0, 0);
  const std::string fragment = box("moof", std::string(30, 'm'));
  const std::string media = box("mdat", std::string(50, 'x'));
  const std::pair<std::string, bool> files[] = {{head, false},
                                                {head + fragment, false},
                                                {head + fragment + media, true},
                                                {head + fragment + media + fragment, false},
                                                {head + fragment + media + box("mfra", ""), true}};
  for (const auto& [file, whole] : files) {
    Mp4Outline outline;
    ASSERT_TRUE(feed(outline, file, 20));
    EXPECT_EQ(static_cast<bool>(outline.end()), whole) << file.size();
    EXPECT_EQ(outline.movieEnd(), head.size());
  }
}

TEST(Mp4Outline, ABoxMayReachToTheEnd) {
  Mp4Outline outline;
  ASSERT_TRUE(feed(outline, movie(0, 1) + number(0, 4) + "mdat" + std::string(99, 'x'), 10));
  EXPECT_TRUE(outline.end());
}

TEST(Mp4Outline, WhatIsNoMp4IsRefused) {
  for (const std::string& bytes :
       {std::string(16, '\0'), std::string("<html><body></body></html>"), number(7, 4) + "ftyp",
        std::string("{\"message\": \"no\"}"), number(0x7fffffff, 4) + "ftypisom",
        box("ftyp", "isom0000") + std::string(16, '\0'), box("ftyp", "isom") + "text, not a box",
        number(1, 4) + "mdat" + number(15, 8), number(1, 4) + "mdat" + number(UINT64_MAX, 8),
        number(20, 4) + "\x80zzz"}) {
    Mp4Outline outline;
    const Status done = feed(outline, bytes, 100);
    ASSERT_FALSE(done) << bytes;
    EXPECT_EQ(done.error().kind, ErrorKind::kDecode);
  }
}

TEST(Mp4Outline, DurationsThatAreNoneAreNone) {
  for (const uint64_t ticks : {uint64_t{0}, uint64_t{UINT32_MAX}}) {
    Mp4Outline outline;
    ASSERT_TRUE(feed(outline, movie(0, ticks), 1000));
    EXPECT_FALSE(outline.duration());
  }
  for (const uint64_t ticks : {uint64_t{UINT64_MAX}, uint64_t{UINT64_MAX} - 1}) {
    Mp4Outline outline;
    ASSERT_TRUE(feed(outline, movie(1, ticks), 1000));
    EXPECT_FALSE(outline.duration());
  }
}

}  // namespace
}  // namespace kvsarchive::clip
