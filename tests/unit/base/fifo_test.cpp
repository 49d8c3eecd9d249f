// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/fifo.h"

#include <gtest/gtest.h>

#include <memory>

namespace kvsarchive {
namespace {

TEST(Fifo, FirstInFirstOut) {
  Fifo<int> fifo;
  EXPECT_TRUE(fifo.empty());
  int next = 0;
  int expected = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < round % 7; ++i) {
      fifo.push(next++);
    }
    for (int i = 0; i < round % 5 && !fifo.empty(); ++i) {
      EXPECT_EQ(fifo.pop(), expected++);
    }
  }
  while (!fifo.empty()) {
    EXPECT_EQ(fifo.pop(), expected++);
  }
  EXPECT_EQ(expected, next);
}

TEST(Fifo, OneCanGoToTheFront) {
  Fifo<std::unique_ptr<int>> fifo;
  fifo.push(std::make_unique<int>(1));
  fifo.push(std::make_unique<int>(2));
  EXPECT_EQ(*fifo.pop(), 1);
  fifo.pushFront(std::make_unique<int>(3));
  EXPECT_EQ(*fifo.pop(), 3);
  EXPECT_EQ(*fifo.pop(), 2);
  EXPECT_TRUE(fifo.empty());
}

}  // namespace
}  // namespace kvsarchive
