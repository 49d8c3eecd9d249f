// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/time_expression.h"

#include <gtest/gtest.h>

namespace kvsarchive::archive {
namespace {

constexpr int64_t kNow = 1'772'359'200'123;

TEST(TimeExpression, ReadsAllForms) {
  const struct {
    const char* text;
    int64_t millis;
  } cases[] = {
      {"now", kNow},
      {"now-0s", kNow},
      {"now-1s", kNow - 1000},
      {"now-90m", kNow - 5'400'000},
      {"now-1h", kNow - 3'600'000},
      {"now-1d", kNow - 86'400'000},
      {"now-1h30m", kNow - 5'400'000},
      {"now-1d2h3m4s", kNow - 93'784'000},
      {"now-20000d", kNow - 1'728'000'000'000},
      {"0", 0},
      {"1772359200", 1'772'359'200'000},
      {"1772359200.5", 1'772'359'200'500},
      {"1772359200.312", 1'772'359'200'312},
      {"1772359200.9996", 1'772'359'201'000},
      {".5", 500},
      {"9223372036", 9'223'372'036'000},
      {"2026-03-01T10:00:00Z", 1'772'359'200'000},
      {"2026-03-01T11:00:00.25+01:00", 1'772'359'200'250},
  };
  for (const auto& c : cases) {
    const auto time = parseTimeExpression(c.text, unixTimeFromMillis(kNow));
    ASSERT_TRUE(time.ok()) << c.text << ": " << time.error().message;
    EXPECT_EQ(toMillis(*time), c.millis) << c.text;
  }
}

TEST(TimeExpression, EveryMillisecondIsExact) {
  for (int64_t millis = kNow; millis < kNow + 2000; ++millis) {
    const std::string text =
        std::to_string(millis / 1000) + "." + std::to_string(1000 + millis % 1000).substr(1);
    ASSERT_EQ(toMillis(*parseTimeExpression(text, unixTimeFromMillis(0))), millis) << text;
  }
}

TEST(TimeExpression, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           " ",
                           "now ",
                           "Now",
                           "now-",
                           "now-1",
                           "now-m",
                           "now-1w",
                           "now-1h30",
                           "now-1.5h",
                           "now--1h",
                           "now-1h-30m",
                           "now- 1h",
                           "now+1h",
                           "now-1hm",
                           "-1",
                           "-0.001",
                           "1e9",
                           "0x10",
                           "inf",
                           "nan",
                           "1772359200Z",
                           "1772359200 ",
                           " 1772359200",
                           "1,5",
                           "1772359200000",
                           "9223372037",
                           "99999999999999999999",
                           "2026-03-01",
                           "2026-03-01T10:00:00",
                           "yesterday",
                           "now-99999999999999999999s",
                           "now-1000000001s",
                           "now-1000000000d",
                           "now-30000d",
                           "9999-12-31T23:59:59Z"}) {
    const auto time = parseTimeExpression(text, unixTimeFromMillis(kNow));
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_EQ(time.error().kind, ErrorKind::kSettings) << text;
    EXPECT_NE(time.error().message.find("\"" + std::string(text) + "\""), std::string::npos)
        << time.error().message;
  }
}

TEST(TimeExpression, SaysWhatFormsThereAre) {
  EXPECT_EQ(parseTimeExpression("yesterday", unixTimeFromMillis(kNow)).error().message,
            "\"yesterday\" is not an RFC 3339 time such as 2026-03-01T10:00:00Z; other forms are "
            "seconds since 1970, now and now-1h30m");
}

TEST(TimeExpression, ManyAmountsDoNotOverflow) {
  std::string text = "now-";
  for (int i = 0; i < 100'000; ++i) {
    text += "1000000000d";
  }
  EXPECT_FALSE(parseTimeExpression(text, unixTimeFromMillis(kNow)).ok());
}

TEST(TimeExpression, HostileTextsAreQuotedFitForAMessage) {
  for (const std::string& text :
       {std::string("now-\xFF\n"), "now-" + std::string(1 << 20, '1'), std::string("\xFF\n")}) {
    const auto time = parseTimeExpression(text, unixTimeFromMillis(kNow));
    ASSERT_FALSE(time.ok());
    EXPECT_LT(time.error().message.size(), 300U);
    EXPECT_EQ(time.error().message.find_first_of("\xFF\n"), std::string::npos);
  }
}

}  // namespace
}  // namespace kvsarchive::archive
