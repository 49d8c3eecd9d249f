// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "matroska_test_util.h"
#include "sample_chunks.h"
#include "support/document_reader.h"
#include "support/effort.h"
#include "support/heap_meter.h"

namespace kvsarchive::matroska {
namespace {

constexpr int kRounds = test::effort(20'000);

/// One to four random changes: bytes overwritten, bits flipped, cut out, put in twice, cut off.
std::string mutate(std::string text, std::mt19937& random) {
  for (int change = 1 + static_cast<int>(random() % 4); change > 0 && !text.empty(); --change) {
    const size_t at = random() % text.size();
    const size_t length = std::min<size_t>(1 + random() % 12, text.size() - at);
    switch (random() % 6) {
      case 0:
        text[at] = static_cast<char>(random());
        break;
      case 1:
        text[at] = static_cast<char>(text[at] ^ (1 << random() % 8));
        break;
      case 2:
        text[at] = static_cast<char>(random() % 2 == 0 ? 0xFF : 0x01);
        break;
      case 3:
        text.erase(at, length);
        break;
      case 4:
        text.insert(at, text.substr(at, length));
        break;
      default:
        text.resize(text.size() - std::min<size_t>(length, text.size() - 1));
    }
  }
  return text;
}

std::vector<size_t> randomCuts(size_t size, std::mt19937& random) {
  std::vector<size_t> cuts;
  for (size_t count = random() % 6; count > 0; --count) {
    cuts.push_back(random() % (size + 1));
  }
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

TEST(Corruption, NeverCrashesHangsOrBreaksTheOrderOfEvents) {
  const std::string good = sampleInput();
  std::mt19937 random(3);
  size_t refused = 0;
  size_t changed = 0;
  const std::string whole = parseText(good).transcript();
  for (int round = 0; round < kRounds; ++round) {
    const std::string bad = mutate(good, random);
    const test::HeapMeter heap;
    const Parsed parsed = parsePieces(cutInSlabs(bad, randomCuts(bad.size(), random)));
    ASSERT_TRUE(parsed.inOrder) << round;
    ASSERT_LE(parsed.blockCount(), bad.size() / 4) << round;
    ASSERT_LT(heap.peak(), size_t{1} << 20) << round;
    ASSERT_EQ(parsed.transcript(), parseText(bad).transcript()) << round;
    if (parsed.error) {
      ++refused;
      ASSERT_TRUE(parsed.error->kind == ErrorKind::kDecode ||
                  parsed.error->kind == ErrorKind::kRead);
    }
    changed += parsed.transcript() != whole ? 1 : 0;
  }
  EXPECT_GT(refused, kRounds / 4U);
  EXPECT_GT(changed, kRounds * 3U / 4);
}

TEST(Corruption, WhatIsSplicedIsADocumentAllTheSame) {
  const std::string good = sampleInput();
  std::mt19937 random(4);
  size_t spliced = 0;
  for (int round = 0; round < kRounds; ++round) {
    Parsed parsed = parseText(mutate(good, random));
    parsed.chunks.erase(std::remove_if(parsed.chunks.begin(), parsed.chunks.end(),
                                       [](const auto& chunk) { return chunk.blocks.empty(); }),
                        parsed.chunks.end());
    if (parsed.chunks.empty()) {
      continue;
    }
    const Spliced result = splice(parsed.chunks, OnTrackChange::kDropTracks);
    const test::Document document = test::readDocument(result.document);
    ASSERT_EQ(document.problem, "") << round;
    ASSERT_EQ(document.blocks.size(), result.blocks.size()) << round;
    for (size_t i = 0; i < result.blocks.size(); ++i) {
      ASSERT_EQ(document.blocks[i].millis, result.blocks[i].pts.count()) << round;
    }
    ++spliced;
  }
  EXPECT_GT(spliced, kRounds / 4U);
}

TEST(Corruption, RandomBytesAreRefusedOrSkipped) {
  std::mt19937 random(5);
  const std::string start = test::buildChunk(sdkChunk());
  for (int round = 0; round < test::effort(2000); ++round) {
    std::string noise(random() % 300, '\0');
    for (char& byte : noise) {
      byte = static_cast<char>(random());
    }
    const Parsed bare = parseText(noise);
    ASSERT_EQ(bare.completeChunks(), 0U) << round;
    ASSERT_EQ(bare.error.has_value(), !noise.empty()) << round;
    const Parsed behind = parseText(start + noise);
    ASSERT_EQ(behind.blockCount(), 4U) << round;
  }
}

}  // namespace
}  // namespace kvsarchive::matroska
