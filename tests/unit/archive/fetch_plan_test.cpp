// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fetch_plan.h"

#include <gtest/gtest.h>

namespace kvsarchive::archive {
namespace {

std::vector<kvs::Fragment> fragmentsOf(const std::vector<uint64_t>& sizes) {
  std::vector<kvs::Fragment> fragments;
  for (const uint64_t size : sizes) {
    kvs::Fragment fragment;
    fragment.number = std::to_string(fragments.size());
    fragment.sizeBytes = size;
    fragments.push_back(fragment);
  }
  return fragments;
}

constexpr uint64_t kMax = uint64_t{16} << 20;

/// "2 1": number of fragments in each batch; fails if their order changes.
std::string batchesOf(const std::vector<uint64_t>& sizes, uint64_t maxBytes = kMax) {
  FetchPlan plan;
  plan.add(fragmentsOf(sizes));
  std::string text;
  size_t next = 0;
  while (!plan.empty()) {
    const auto batch = plan.takeBatch(maxBytes);
    EXPECT_FALSE(batch.empty());
    for (const kvs::Fragment& fragment : batch) {
      EXPECT_EQ(fragment.number, std::to_string(next++));
    }
    text += (text.empty() ? "" : " ") + std::to_string(batch.size());
  }
  EXPECT_EQ(next, sizes.size());
  return text;
}

TEST(FetchPlan, IsEmptyAtFirst) { EXPECT_TRUE(FetchPlan().empty()); }

TEST(FetchPlan, LimitsTheNumberOfFragments) {
  EXPECT_EQ(batchesOf(std::vector<uint64_t>(50, 1)), "50");
  EXPECT_EQ(batchesOf(std::vector<uint64_t>(51, 1)), "50 1");
  EXPECT_EQ(batchesOf(std::vector<uint64_t>(125, 0), UINT64_MAX), "50 50 25");
}

TEST(FetchPlan, LimitsBytes) {
  EXPECT_EQ(batchesOf({kMax}), "1");
  EXPECT_EQ(batchesOf({kMax / 2, kMax / 2, 1}), "2 1");
  EXPECT_EQ(batchesOf({kMax / 2, kMax / 2 + 1}), "1 1");
  EXPECT_EQ(batchesOf({0, kMax, 0, 0}), "1 1 2");
}

TEST(FetchPlan, ALargeFragmentMakesABatchOfItsOwn) {
  EXPECT_EQ(batchesOf({1, kMax + 1, 1}), "1 1 1");
  EXPECT_EQ(batchesOf({UINT64_MAX, UINT64_MAX, 1}), "1 1 1");
}

TEST(FetchPlan, GoesOnWhenMoreIsAdded) {
  FetchPlan plan;
  plan.add(fragmentsOf({1, 1}));
  plan.add(fragmentsOf({1}));
  EXPECT_EQ(plan.takeBatch(kMax).size(), 3U);
  EXPECT_TRUE(plan.empty());
  plan.add(fragmentsOf({1}));
  EXPECT_EQ(plan.takeBatch(kMax).size(), 1U);
}

}  // namespace
}  // namespace kvsarchive::archive
