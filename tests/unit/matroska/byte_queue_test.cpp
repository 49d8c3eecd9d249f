// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/byte_queue.h"

#include <gtest/gtest.h>

#include "matroska_test_util.h"

namespace kvsarchive::matroska {
namespace {

TEST(ByteQueue, TakesAViewOfNeighboursInOneSlab) {
  const std::vector<Bytes> pieces = cutInOneSlab("abcdefgh", {1, 2, 5});
  ByteQueue queue;
  for (const Bytes& piece : pieces) {
    queue.append(piece);
  }
  const Bytes taken = queue.take(6);
  EXPECT_EQ(taken.view(), "abcdef");
  EXPECT_EQ(taken.data(), pieces.front().data());
  EXPECT_EQ(queue.take(2).data(), pieces.front().data() + 6);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(ByteQueue, CopiesOnlyWhatCrossesSlabs) {
  const std::vector<Bytes> pieces = cutInSlabs("abcdefgh", {4});
  ByteQueue queue;
  queue.append(pieces[0]);
  queue.append(pieces[1]);
  EXPECT_EQ(queue.take(2).data(), pieces[0].data());
  EXPECT_EQ(queue.take(4).view(), "cdef");
  EXPECT_EQ(queue.removed(), 6U);
  const Bytes rest = queue.take(2);
  EXPECT_EQ(rest.view(), "gh");
  EXPECT_EQ(rest.data(), pieces[1].data() + 2);
}

TEST(ByteQueue, PeeksAtMostWhatIsThere) {
  ByteQueue queue;
  EXPECT_EQ(queue.peek(12), "");
  for (const Bytes& piece : cutInSlabs("abcd", {1, 2, 3})) {
    queue.append(piece);
  }
  EXPECT_EQ(queue.peek(3), "abc");
  EXPECT_EQ(queue.peek(12), "abcd");
  EXPECT_EQ(queue.size(), 4U);
}

TEST(ByteQueue, SkipsAcrossPiecesAndSaysHowMuch) {
  ByteQueue queue;
  for (const Bytes& piece : cutInSlabs("abcdefgh", {3, 6})) {
    queue.append(piece);
  }
  EXPECT_EQ(queue.skip(4), 4U);
  EXPECT_EQ(queue.peek(2), "ef");
  EXPECT_EQ(queue.skip(100), 4U);
  EXPECT_EQ(queue.skip(1), 0U);
  EXPECT_EQ(queue.removed(), 8U);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(ByteQueue, IgnoresEmptyPiecesAndTakesNothing) {
  ByteQueue queue;
  queue.append(Bytes());
  EXPECT_EQ(queue.take(0).size(), 0U);
  queue.append(Bytes::copyOf("x"));
  queue.append(Bytes());
  EXPECT_EQ(queue.take(1).view(), "x");
}

}  // namespace
}  // namespace kvsarchive::matroska
