// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/requests.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>

#include "kvs/json_writer.h"

namespace kvsarchive::kvs {
namespace {

const StreamId kByName{"cam1", ""};
const StreamId kByArn{"", "arn:aws:kinesisvideo:eu-west-1:1:stream/cam1/0"};

std::string timeText(int64_t millis) {
  JsonWriter json;
  return json.time(unixTimeFromMillis(millis)).text();
}

TEST(Requests, Bodies) {
  EXPECT_EQ(getDataEndpointBody(kByName, "LIST_FRAGMENTS"),
            R"({"StreamName":"cam1","APIName":"LIST_FRAGMENTS"})");
  FragmentSelector selector;
  selector.start = unixTimeFromMillis(1577156925312);
  selector.end = unixTimeFromMillis(1577156985000);
  EXPECT_EQ(listFragmentsBody(kByName, selector, 100, ""),
            R"({"StreamName":"cam1","MaxResults":100,"FragmentSelector":{"FragmentSelectorType":)"
            R"("PRODUCER_TIMESTAMP","TimestampRange":{"StartTimestamp":1577156925.312,)"
            R"("EndTimestamp":1577156985.000}}})");
  selector.type = SelectorType::kServerTimestamp;
  EXPECT_EQ(listFragmentsBody(kByArn, selector, 1000, "a+/b=="),
            R"({"StreamARN":"arn:aws:kinesisvideo:eu-west-1:1:stream/cam1/0","MaxResults":1000,)"
            R"("NextToken":"a+/b==","FragmentSelector":{"FragmentSelectorType":)"
            R"("SERVER_TIMESTAMP","TimestampRange":{"StartTimestamp":1577156925.312,)"
            R"("EndTimestamp":1577156985.000}}})");
  EXPECT_EQ(getMediaForFragmentListBody(kByName, {"1", "22"}),
            R"({"StreamName":"cam1","Fragments":["1","22"]})");
}

TEST(Requests, StringsAreEscaped) {
  JsonWriter json;
  json.beginArray().string("a\"b\\c\n\x01\xc3\xa4").string("").endArray();
  EXPECT_EQ(json.text(), "[\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa4\",\"\"]");
}

TEST(Requests, TimesAreExactDecimals) {
  EXPECT_EQ(timeText(0), "0.000");
  EXPECT_EQ(timeText(1), "0.001");
  EXPECT_EQ(timeText(999), "0.999");
  EXPECT_EQ(timeText(1577156925312), "1577156925.312");
  EXPECT_EQ(timeText(1600000000000), "1600000000.000");
  EXPECT_EQ(timeText(253402300799999), "253402300799.999");
  EXPECT_EQ(timeText(-1), "-0.001");
  EXPECT_EQ(timeText(-1500), "-1.500");
}

TEST(Requests, EveryMillisecondComesBackFromADouble) {
  for (int64_t millis = 1577156925000; millis < 1577156926000; ++millis) {
    const std::string text = timeText(millis);
    double seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    ASSERT_EQ(std::llround(seconds * 1000), millis) << text;
    ASSERT_EQ(text.find('.'), 10U);
    ASSERT_EQ(text.size(), 14U);
  }
}

}  // namespace
}  // namespace kvsarchive::kvs
