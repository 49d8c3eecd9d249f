// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/http_date.h"

#include <gtest/gtest.h>

namespace kvsarchive::http {
namespace {

TEST(HttpDate, AllThreeFormsOfTheStandard) {
  for (const char* text :
       {"Sun, 01 Mar 2026 10:00:00 GMT", "Sunday, 01-Mar-26 10:00:00 GMT",
        "Sun Mar  1 10:00:00 2026", "Sun, 01 Mar 2026 12:00:00 +0200", "20260301 10:00:00"}) {
    EXPECT_EQ(parseHttpDate(text), unixTimeFromMillis(1772359200000)) << text;
  }
  EXPECT_EQ(parseHttpDate("Fri, 31 Dec 2100 23:59:59 GMT"), unixTimeFromMillis(4133980799000));
}

TEST(HttpDate, WhatIsNoDate) {
  for (const char* text : {"", "Sun", "10:00:00", "soon", "Sun, 32 Mar 2026 10:00:00 GMT",
                           "Sun, 01 Foo 2026 10:00:00 GMT", "Sun, 01 Mar 2026 25:00:00 GMT",
                           "Sat, 01 Mar 1969 10:00:00 GMT", "1772359200", "\xff\xfe"}) {
    EXPECT_FALSE(parseHttpDate(text)) << text;
  }
  EXPECT_FALSE(parseHttpDate("Sun, 01 Mar 2999 10:00:00 GMT"));
}

}  // namespace
}  // namespace kvsarchive::http
