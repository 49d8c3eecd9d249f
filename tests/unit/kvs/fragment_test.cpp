// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/fragment.h"

#include <gtest/gtest.h>

namespace kvsarchive::kvs {
namespace {

TEST(FragmentNumber, OrderIsThatOfTheNumbers) {
  const std::string ordered[] = {"0",
                                 "1",
                                 "9",
                                 "10",
                                 "99999999999999999999999999999999999999999999999",
                                 "100000000000000000000000000000000000000000000000",
                                 "100000000000000000000000000000000000000000000001"};
  for (const std::string& a : ordered) {
    for (const std::string& b : ordered) {
      EXPECT_EQ(fragmentNumberLess(a, b), &a < &b) << a << " " << b;
    }
  }
}

TEST(FragmentNumber, LeadingZerosDoNotCount) {
  EXPECT_FALSE(fragmentNumberLess("007", "7"));
  EXPECT_FALSE(fragmentNumberLess("7", "007"));
  EXPECT_TRUE(fragmentNumberLess("0000008", "9"));
  EXPECT_TRUE(fragmentNumberLess("000", "1"));
  EXPECT_FALSE(fragmentNumberLess("000", "0"));
}

TEST(FragmentNumber, Form) {
  EXPECT_TRUE(isFragmentNumber("91343852333181432392682062607743920955852903233"));
  EXPECT_TRUE(isFragmentNumber("0"));
  EXPECT_TRUE(isFragmentNumber(std::string(128, '9')));
  for (const std::string& bad : {std::string(), std::string(129, '9'), std::string("-1"),
                                 std::string("1.0"), std::string("12a"), std::string(" 1")}) {
    EXPECT_FALSE(isFragmentNumber(bad)) << bad;
  }
}

}  // namespace
}  // namespace kvsarchive::kvs
