// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/iso8601.h"

#include <gtest/gtest.h>

namespace kvsarchive {
namespace {

TEST(Iso8601, ReadsZonesAndFractions) {
  const struct {
    const char* text;
    int64_t millis;
  } cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"2026-03-01T10:00:00Z", 1772359200000},
      {"2026-03-01T10:00:00.312Z", 1772359200312},
      {"2026-03-01T10:00:00.999Z", 1772359200999},
      {"2026-03-01 11:00:00.25+01:00", 1772359200250},
      {"2026-03-01T04:30:00-05:30", 1772359200000},
      {"2024-02-29T23:59:59.001Z", 1709251199001},
  };
  for (const auto& c : cases) {
    const auto parsed = parseIso8601(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text;
    EXPECT_EQ(toMillis(*parsed), c.millis) << c.text;
  }
}

TEST(Iso8601, EveryMillisecondSurvives) {
  for (int64_t millis = 1772359200000; millis < 1772359202000; ++millis) {
    const auto parsed = parseIso8601(formatIso8601(unixTimeFromMillis(millis)));
    ASSERT_TRUE(parsed.ok());
    ASSERT_EQ(toMillis(*parsed), millis);
  }
}

TEST(Iso8601, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "yesterday", "2026-13-01T10:00:00Z", "2025-02-29T10:00:00Z", "2026-03-01T25:00:00Z",
        "2026-03-01T10:00:00Zjunk", "1772359200", "1969-12-31T23:59:59Z", "2026-03-01"}) {
    const auto parsed = parseIso8601(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kSettings);
    EXPECT_NE(parsed.error().message.find("not an RFC 3339 time"), std::string::npos) << text;
  }
}

TEST(Iso8601, AsksForAMissingZone) {
  const auto parsed = parseIso8601("2026-03-01T10:00:00");
  ASSERT_FALSE(parsed.ok());
  EXPECT_NE(parsed.error().message.find("no time zone"), std::string::npos);
}

TEST(Iso8601, Formats) {
  EXPECT_EQ(formatIso8601(unixTimeFromMillis(1772359200005)), "2026-03-01T10:00:00.005Z");
  EXPECT_EQ(formatIso8601(unixTimeFromMillis(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(formatIso8601Basic(unixTimeFromMillis(1772359200999)), "20260301T100000Z");
  EXPECT_EQ(formatIso8601(unixTimeFromMillis(INT64_MAX)), "9223372036854775807 ms");
}

TEST(Iso8601, HostileTextsAreQuotedFitForAMessage) {
  for (const std::string& text :
       {std::string("\xFF\n"), std::string("2026-03-01T10:00:00Z\0x", 22),
        std::string(1 << 20, '1'), std::string("2026-03-01T10:00:00Z\x1b[31m")}) {
    const auto parsed = parseIso8601(text);
    ASSERT_FALSE(parsed.ok());
    EXPECT_LT(parsed.error().message.size(), 300U);
    EXPECT_EQ(parsed.error().message.find_first_of(std::string("\xFF\n\x1b\0", 4)),
              std::string::npos);
  }
}

}  // namespace
}  // namespace kvsarchive
