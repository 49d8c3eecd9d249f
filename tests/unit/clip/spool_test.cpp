// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/spool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>

namespace kvsarchive::clip {
namespace {

constexpr uint64_t kLimits[] = {0, 1, 7, 100, 1000};

std::string text(size_t size, unsigned seed = 0) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>((i * 31 + i / 7 + seed) & 0xff);
  }
  return bytes;
}

void append(Spool& spool, const std::string& bytes, size_t piece) {
  for (size_t i = 0; i < bytes.size(); i += piece) {
    ASSERT_TRUE(spool.append(Bytes::copyOf(std::string_view(bytes).substr(i, piece))));
  }
}

std::string read(Spool& spool, uint64_t offset, size_t size) {
  const auto bytes = spool.read(offset, size, size, CancelToken());
  return bytes ? std::string(bytes->view()) : "error: " + bytes.error().message;
}

TEST(Spool, EveryRangeOfWhatIsInMemoryAndInTheFile) {
  const std::string all = text(200);
  for (const uint64_t limit : kLimits) {
    for (const size_t piece : {size_t{1}, size_t{3}, size_t{64}, size_t{200}}) {
      Spool spool(limit);
      append(spool, all, piece);
      ASSERT_TRUE(spool.finish());
      EXPECT_EQ(spool.use().inMemory, std::min<uint64_t>(limit, 200));
      EXPECT_EQ(spool.use().inMemory + spool.use().inFile, 200u);
      for (size_t offset = 0; offset <= 210; offset += 5) {
        for (const size_t size : {size_t{1}, size_t{10}, size_t{63}, size_t{300}}) {
          const std::string expected = offset < 200 ? all.substr(offset, size) : "";
          ASSERT_EQ(read(spool, offset, size), expected) << limit << " " << piece << " " << offset;
        }
      }
    }
  }
}

TEST(Spool, AReaderWaitsForWhatItAskedFor) {
  Spool spool(10);
  std::string got;
  std::thread reader([&] { got = read(spool, 5, 20); });
  append(spool, text(40), 4);
  reader.join();
  EXPECT_EQ(got, text(40).substr(5, 20));
  const auto few = spool.read(30, 1, 100, CancelToken());  // not at the end, but some are there
  EXPECT_EQ(few->view(), text(40).substr(30));
}

TEST(Spool, WaitingIsCancelledAndFailuresCome) {
  Spool spool(10);
  CancelToken cancel;
  append(spool, text(10), 10);
  std::thread other([&] { cancel.cancel(); });
  EXPECT_EQ(spool.read(5, 20, 20, cancel).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(spool.size(cancel).error().kind, ErrorKind::kCancelled);
  other.join();
  spool.fail(makeError(ErrorKind::kRead, "broke"));
  EXPECT_EQ(read(spool, 5, 5), text(10).substr(5));  // what is there stays
  EXPECT_EQ(read(spool, 5, 6), "error: broke");
  EXPECT_EQ(spool.size(CancelToken()).error().message, "broke");
}

TEST(Spool, TheSizeIsKnownOnceAnnouncedOrComplete) {
  Spool spool(10);
  EXPECT_FALSE(spool.knownSize());
  ASSERT_TRUE(spool.announce(30));
  EXPECT_EQ(*spool.size(CancelToken()), 30u);
  append(spool, text(30), 30);
  EXPECT_TRUE(spool.finish());
  Spool other(10);
  append(other, text(12), 12);
  ASSERT_TRUE(other.finish());
  EXPECT_EQ(other.knownSize(), 12u);
}

TEST(Spool, WhatComesAgainIsComparedAsFarAsItWasRead) {
  const std::string all = text(100);
  for (const uint64_t limit : kLimits) {
    for (const size_t piece : {size_t{1}, size_t{9}, size_t{100}}) {
      for (const size_t change : {size_t{0}, size_t{19}, size_t{20}, size_t{35}, size_t{99}}) {
        Spool spool(limit);
        append(spool, all.substr(0, 40), 40);
        ASSERT_EQ(read(spool, 10, 10), all.substr(10, 10));  // 20 bytes are given
        spool.restart();
        std::string again = all;
        again[change] = static_cast<char>(again[change] ^ 1);
        Status last;
        for (size_t i = 0; i < again.size() && last; i += piece) {
          last = spool.append(Bytes::copyOf(std::string_view(again).substr(i, piece)));
        }
        if (change < 20) {
          ASSERT_FALSE(last);
          EXPECT_EQ(last.error().kind, ErrorKind::kIncomplete);
          EXPECT_NE(last.error().message.find("at byte " + std::to_string(change) + ", of 20"),
                    std::string::npos)
              << last.error().message;
        } else {
          ASSERT_TRUE(last);
          ASSERT_TRUE(spool.finish());
          EXPECT_EQ(read(spool, 0, 100), again) << limit << " " << piece << " " << change;
        }
      }
    }
  }
}

TEST(Spool, AShorterOrOtherwiseAnnouncedFileIsAnError) {
  Spool spool(10);
  append(spool, text(40), 40);
  ASSERT_EQ(read(spool, 0, 30).size(), 30u);
  spool.restart();
  append(spool, text(40).substr(0, 20), 20);
  EXPECT_EQ(spool.finish().error().kind, ErrorKind::kIncomplete);
  Spool other(10);
  ASSERT_TRUE(other.announce(40));
  other.restart();
  ASSERT_TRUE(other.announce(41));  // nobody was told
  EXPECT_EQ(*other.size(CancelToken()), 41u);
  other.restart();
  EXPECT_EQ(other.announce(40).error().kind, ErrorKind::kIncomplete);
  EXPECT_TRUE(other.announce(41));
}

}  // namespace
}  // namespace kvsarchive::clip
