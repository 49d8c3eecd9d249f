// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_stream.h"

#include <gtest/gtest.h>

#include <thread>

namespace kvsarchive::http {
namespace {

const CancelToken kNever;

TEST(ResponseStream, HandsOutAllThatIsThereAsOneView) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(1000, SlabPool::make(), bell);
  EXPECT_TRUE(stream.append("abc"));
  EXPECT_TRUE(stream.append("def"));
  EXPECT_FALSE(stream.hasBytes());
  stream.publish();
  const Result<Bytes> first = stream.read(kNever);
  EXPECT_EQ(first->view(), "abcdef");
  EXPECT_TRUE(stream.append("ghi"));
  stream.publish();
  stream.finish(std::nullopt);
  const Result<Bytes> second = stream.read(kNever);
  EXPECT_EQ(second->view(), "ghi");
  EXPECT_TRUE(first->adjoins(*second));
  EXPECT_TRUE(stream.read(kNever)->empty());
  EXPECT_TRUE(stream.read(kNever)->empty());
}

TEST(ResponseStream, SlabsGrowFromSmallToLarge) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(16 << 20, SlabPool::make(), bell);
  EXPECT_TRUE(stream.append(std::string(SlabWriter::kFirstSize + 10, 'x')));
  EXPECT_EQ(stream.read(kNever)->size(), SlabWriter::kFirstSize);
  EXPECT_TRUE(stream.append(std::string(Slab::kDefaultSize, 'y')));
  const Result<Bytes> second = stream.read(kNever);
  EXPECT_EQ(second->size(), Slab::kDefaultSize);
  EXPECT_EQ(second->slab()->size(), Slab::kDefaultSize);
  EXPECT_EQ(second->view().substr(0, 11), "xxxxxxxxxxy");
  stream.publish();
  EXPECT_EQ(stream.read(kNever)->size(), 10U);
}

TEST(ResponseStream, RefusesMoreThanTheReaderAllows) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(100, SlabPool::make(), bell);
  EXPECT_TRUE(stream.append(std::string(99, 'a')));
  EXPECT_TRUE(stream.append(std::string(101, 'b')));
  EXPECT_FALSE(stream.takeRoom());
  EXPECT_FALSE(stream.append("c"));
  EXPECT_FALSE(stream.takeRoom());
  EXPECT_EQ(stream.read(kNever)->size(), 200U);
  EXPECT_TRUE(stream.takeRoom());
  EXPECT_FALSE(stream.takeRoom());
  EXPECT_TRUE(stream.append("c"));
}

TEST(ResponseStream, TakesWhatIsAllowedAndNoMore) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(1000, SlabPool::make(), bell);
  stream.allow(0);
  EXPECT_FALSE(stream.append("abc"));
  EXPECT_FALSE(stream.takeRoom());
  stream.allow(5);
  EXPECT_TRUE(stream.takeRoom());
  EXPECT_TRUE(stream.append("abc"));
  EXPECT_TRUE(stream.append("defg"));  // the last piece is taken whole
  EXPECT_FALSE(stream.append("h"));
  EXPECT_EQ(stream.read(kNever)->view(), "abcdefg");
  EXPECT_FALSE(stream.append("h"));  // reading allows nothing
  EXPECT_FALSE(stream.takeRoom());
  stream.allow(5);
  EXPECT_TRUE(stream.append("hij"));
  stream.allow(3);  // those that wait count
  EXPECT_FALSE(stream.append("k"));
  stream.allow(4);
  EXPECT_TRUE(stream.append("k"));
  EXPECT_FALSE(stream.append("l"));
}

TEST(ResponseStream, AnErrorComesAfterWhatWasReceived) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(100, SlabPool::make(), bell);
  stream.setHead({200, {}});
  EXPECT_TRUE(stream.append("abc"));
  stream.publish();
  stream.finish(makeError(ErrorKind::kRead, "first"));
  stream.finish(makeError(ErrorKind::kOpenRead, "second"));
  EXPECT_EQ(stream.head(kNever)->status, 200);
  EXPECT_EQ(stream.read(kNever)->view(), "abc");
  EXPECT_EQ(stream.read(kNever).error().message, "first");
  EXPECT_EQ(stream.read(kNever).error().message, "first");
}

TEST(ResponseStream, CancelledReadsLoseNothing) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(100, SlabPool::make(), bell);
  EXPECT_TRUE(stream.append("abc"));
  stream.publish();
  CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(stream.head(cancel).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(stream.read(cancel).error().kind, ErrorKind::kCancelled);
  cancel.reset();
  EXPECT_EQ(stream.read(cancel)->view(), "abc");
}

TEST(ResponseStream, CancelRacingWithAReaderIsNeverLost) {
  for (int round = 0; round < 200; ++round) {
    const auto bell = std::make_shared<Bell>();
    ResponseStream stream(100, SlabPool::make(), bell);
    CancelToken cancel;
    std::thread reader([&] { EXPECT_EQ(stream.read(cancel).error().kind, ErrorKind::kCancelled); });
    cancel.cancel();
    reader.join();
  }
}

TEST(ResponseStream, BytesCrossThreadsInOrder) {
  const auto bell = std::make_shared<Bell>();
  ResponseStream stream(5000, SlabPool::make(), bell);
  constexpr int kTotal = 3'000'000;
  std::thread receiver([&] {
    int sent = 0;
    std::string piece;
    for (int round = 0; sent < kTotal; ++round) {
      piece.clear();
      for (int i = 0; i < 997 && sent + i < kTotal; ++i) {
        piece.push_back(static_cast<char>((sent + i) % 251));
      }
      if (stream.append(piece)) {
        sent += static_cast<int>(piece.size());
      }
      if (round % 3 == 0) {
        stream.publish();
      }
      bell->ring();
    }
    stream.publish();
    stream.finish(std::nullopt);
    bell->ring();
  });
  int received = 0;
  bool same = true;
  while (true) {
    const Result<Bytes> bytes = stream.read(kNever);
    if (bytes->empty()) {
      break;
    }
    for (const char c : bytes->view()) {
      same = same && c == static_cast<char>(received++ % 251);
    }
  }
  receiver.join();
  EXPECT_TRUE(same);
  EXPECT_EQ(received, kTotal);
}

}  // namespace
}  // namespace kvsarchive::http
