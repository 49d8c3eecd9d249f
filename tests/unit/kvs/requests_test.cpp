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
  EXPECT_EQ(getClipBody(kByName, selector),
            R"({"StreamName":"cam1","ClipFragmentSelector":{"FragmentSelectorType":)"
            R"("SERVER_TIMESTAMP","TimestampRange":{"StartTimestamp":1577156925.312,)"
            R"("EndTimestamp":1577156985.000}}})");
}

TEST(Requests, SessionsHaveEveryParameterOfTheirProtocol) {
  SessionRequest request;
  request.playbackMode = PlaybackMode::kOnDemand;
  request.selectorType = SelectorType::kProducerTimestamp;
  request.start = unixTimeFromMillis(1577156925312);
  request.end = unixTimeFromMillis(1577156985000);
  request.containerFormat = ContainerFormat::kMpegTs;
  request.discontinuityMode = DiscontinuityMode::kOnDiscontinuity;
  request.displayFragmentTimestamp = DisplayMode::kAlways;
  request.displayFragmentNumber = DisplayMode::kAlways;
  request.expires = std::chrono::seconds(43200);
  request.maxFragments = 5000;
  EXPECT_EQ(sessionUrlBody(kByName, request),
            R"({"StreamName":"cam1","PlaybackMode":"ON_DEMAND","HLSFragmentSelector":)"
            R"({"FragmentSelectorType":"PRODUCER_TIMESTAMP","TimestampRange":)"
            R"({"StartTimestamp":1577156925.312,"EndTimestamp":1577156985.000}},)"
            R"("ContainerFormat":"MPEG_TS","DiscontinuityMode":"ON_DISCONTINUITY",)"
            R"("DisplayFragmentTimestamp":"ALWAYS","Expires":43200,)"
            R"("MaxMediaPlaylistFragmentResults":5000})");
  request.protocol = SessionProtocol::kDash;
  request.playbackMode = PlaybackMode::kLiveReplay;
  request.end.reset();
  EXPECT_EQ(sessionUrlBody(kByArn, request),
            R"({"StreamARN":"arn:aws:kinesisvideo:eu-west-1:1:stream/cam1/0",)"
            R"("PlaybackMode":"LIVE_REPLAY","DASHFragmentSelector":)"
            R"({"FragmentSelectorType":"PRODUCER_TIMESTAMP","TimestampRange":)"
            R"({"StartTimestamp":1577156925.312}},"DisplayFragmentTimestamp":"ALWAYS",)"
            R"("DisplayFragmentNumber":"ALWAYS","Expires":43200,)"
            R"("MaxManifestFragmentResults":5000})");
  SessionRequest other;
  other.discontinuityMode = DiscontinuityMode::kAlways;
  EXPECT_NE(sessionUrlBody(kByName, other).find(R"("DiscontinuityMode":"ALWAYS")"),
            std::string::npos);
  other.discontinuityMode = DiscontinuityMode::kNever;
  EXPECT_NE(sessionUrlBody(kByName, other).find(R"("DiscontinuityMode":"NEVER")"),
            std::string::npos);
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
