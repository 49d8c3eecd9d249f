// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/redacted.h"

#include <gtest/gtest.h>

namespace kvsarchive::aws {
namespace {

TEST(Redacted, TextsWithSecretsAreNotShown) {
  const std::string secret = "0123456789abcdefghij";
  const char* const hidden = "(a text with secrets in it)";
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"all is well", "all is well"},
           Case{"", ""},
           Case{"two\nlines", "two lines"},
           Case{"it was 0123456789abcdefghij!", hidden},
           Case{"its end was 9abcdefghij", "its end was 9abcdefghij"},  // 11 characters
           Case{"its end was 89abcdefghij", hidden},
           Case{"its middle was 3456789abcde", hidden},
           Case{"short: pin", hidden},
           Case{"short: pi", "short: pi"},
       }) {
    EXPECT_EQ(redacted(c.text, {"", secret, "pin"}), c.expected) << c.text;
  }
  EXPECT_EQ(redacted(std::string(600, 'x'), {}), std::string(500, 'x') + "...");
}

TEST(Redacted, WhatWasToBeSignedIsLeftOut) {
  for (const char* text :
       {"No. The Canonical String was SECRET", "No.\nTHE CANONICAL\nSTRING: SECRET", "No."}) {
    EXPECT_EQ(withoutCanonicalRequest(text), "No.");
  }
}

TEST(Redacted, CodesAreWords) {
  EXPECT_EQ(plainCode("Access_Denied.1-x", {}), "Access_Denied.1-x");
  EXPECT_EQ(plainCode("two words", {}), "");
  EXPECT_EQ(plainCode("line\n", {}), "");
  EXPECT_EQ(plainCode(std::string(101, 'x'), {}), "");
  EXPECT_EQ(plainCode("0123456789ab", {"x0123456789abx"}), "");
}

}  // namespace
}  // namespace kvsarchive::aws
