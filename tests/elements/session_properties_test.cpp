// SPDX-License-Identifier: LGPL-2.1-or-later
// What kvssessionsrc sends for its properties, and what it refuses before it sends anything.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/pipeline_run.h"
#include "support/session_player.h"
#include "support/session_server.h"

namespace kvsarchive::test {
namespace {

using Properties = std::vector<std::pair<const char*, const char*>>;

GstElement* makeWith(const std::string& url, const Properties& properties) {
  GstElement* source = makeSessionSource(url, "cam1", "hls");
  for (const auto& [name, text] : properties) {
    gst_util_set_object_arg(G_OBJECT(source), name, text);
  }
  return source;
}

/// The request for a session that these properties make.
std::string bodyFor(const Properties& properties) {
  SessionServer server;
  const PlayedSession played = playToSink(makeWith(server.url(), properties));
  EXPECT_TRUE(played.eos) << (played.error ? played.error->message : "");
  return server.sessionRequest();
}

const Properties kOnDemand = {{"playback-mode", "on-demand"},
                              {"start-timestamp", "2026-03-01T10:00:00Z"},
                              {"end-timestamp", "1772359800.25"}};

Properties onDemand(const Properties& more) {
  Properties all = kOnDemand;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

constexpr const char* kLiveHls =
    R"({"StreamName":"cam1","PlaybackMode":"LIVE","HLSFragmentSelector":{"FragmentSelectorType":)"
    R"("SERVER_TIMESTAMP"},"ContainerFormat":"FRAGMENTED_MP4","DisplayFragmentTimestamp":"NEVER",)"
    R"("Expires":43200})";

TEST(SessionProperties, OnTheWire) {
  EXPECT_EQ(bodyFor({}), kLiveHls);
  EXPECT_EQ(bodyFor({{"protocol", "dash"}}),
            R"({"StreamName":"cam1","PlaybackMode":"LIVE","DASHFragmentSelector":)"
            R"({"FragmentSelectorType":"SERVER_TIMESTAMP"},"DisplayFragmentTimestamp":"NEVER",)"
            R"("DisplayFragmentNumber":"NEVER","Expires":43200})");
  EXPECT_EQ(bodyFor(onDemand({{"fragment-selector-type", "producer-timestamp"},
                              {"container-format", "mpeg-ts"},
                              {"discontinuity-mode", "on-discontinuity"},
                              {"display-fragment-timestamp", "always"},
                              {"expires", "300"},
                              {"max-fragments", "5000"}})),
            R"({"StreamName":"cam1","PlaybackMode":"ON_DEMAND","HLSFragmentSelector":)"
            R"({"FragmentSelectorType":"PRODUCER_TIMESTAMP","TimestampRange":)"
            R"({"StartTimestamp":1772359200.000,"EndTimestamp":1772359800.250}},)"
            R"("ContainerFormat":"MPEG_TS","DiscontinuityMode":"ON_DISCONTINUITY",)"
            R"("DisplayFragmentTimestamp":"ALWAYS","Expires":300,)"
            R"("MaxMediaPlaylistFragmentResults":5000})");
  EXPECT_EQ(bodyFor({{"protocol", "dash"},
                     {"playback-mode", "live-replay"},
                     {"start-timestamp", "2026-03-01T11:00:00+01:00"},
                     {"display-fragment-timestamp", "always"},
                     {"display-fragment-number", "always"},
                     {"expires", "43200"},
                     {"max-fragments", "1"}}),
            R"({"StreamName":"cam1","PlaybackMode":"LIVE_REPLAY","DASHFragmentSelector":)"
            R"({"FragmentSelectorType":"SERVER_TIMESTAMP","TimestampRange":)"
            R"({"StartTimestamp":1772359200.000}},"DisplayFragmentTimestamp":"ALWAYS",)"
            R"("DisplayFragmentNumber":"ALWAYS","Expires":43200,)"
            R"("MaxManifestFragmentResults":1})");
}

TEST(SessionProperties, TheStreamByArn) {
  constexpr const char* kArn = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/cam1/1";
  SessionServer server;
  GstElement* source = makeSessionSource(server.url(), "", "hls");
  g_object_set(source, "stream-name", nullptr, "stream-arn", kArn, nullptr);
  EXPECT_TRUE(playToSink(source).eos);
  EXPECT_EQ(server.sessionRequest().find(std::string(R"({"StreamARN":")") + kArn + "\","), 0U);
}

TEST(SessionProperties, ExpiresAsLongAsTheRangeTakes) {
  EXPECT_NE(bodyFor(onDemand({})).find(R"("Expires":1200)"), std::string::npos);
}

struct Refusal {
  const char* name;
  Properties properties;
  const char* message;
};

class Refused : public testing::TestWithParam<Refusal> {};

TEST_P(Refused, BeforeAnyRequest) {
  SessionServer server;
  const PlayedSession played = playToSink(makeWith(server.url(), GetParam().properties));
  ASSERT_TRUE(played.error.has_value());
  EXPECT_EQ(played.error->domain, "gst-resource-error-quark");
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(played.error->message.find(GetParam().message), std::string::npos)
      << played.error->message;
  EXPECT_EQ(played.errors.size(), 1U);
  EXPECT_EQ(played.error->details.at("stream"), "cam1");
  EXPECT_EQ(server.requestCount(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    All, Refused,
    testing::Values(
        Refusal{"LiveWithStart", {{"start-timestamp", "now-1h"}}, "start-timestamp is set, which"},
        Refusal{"LiveWithEnd", {{"end-timestamp", "now-1h"}}, "end-timestamp is set, which"},
        Refusal{"ReplayWithoutStart",
                {{"playback-mode", "live-replay"}},
                "live-replay needs a start-timestamp"},
        Refusal{"OnDemandWithoutRange", {{"playback-mode", "on-demand"}}, "neither is set"},
        Refusal{"OnDemandWithoutEnd",
                {{"playback-mode", "on-demand"}, {"start-timestamp", "now-1h"}},
                "end-timestamp is not set"},
        Refusal{"OnDemandWithoutStart",
                {{"playback-mode", "on-demand"}, {"end-timestamp", "now-1h"}},
                "start-timestamp is not set"},
        Refusal{"EndBeforeStart",
                {{"playback-mode", "on-demand"},
                 {"start-timestamp", "now-1h"},
                 {"end-timestamp", "now-2h"}},
                "is not after start-timestamp"},
        Refusal{"MoreThanADay",
                {{"playback-mode", "on-demand"},
                 {"start-timestamp", "now-25h"},
                 {"end-timestamp", "now-30m"}},
                "more than 24 hours"},
        Refusal{"Future",
                {{"playback-mode", "live-replay"},
                 {"start-timestamp", "4102444800"},
                 {"end-timestamp", "4102448400"}},
                "is in the future"},
        Refusal{"NoTime",
                {{"playback-mode", "live-replay"}, {"start-timestamp", "yesterday"}},
                "start-timestamp: "},
        Refusal{"NoZone",
                {{"playback-mode", "on-demand"},
                 {"start-timestamp", "0"},
                 {"end-timestamp", "2026-03-01T10:00:00"}},
                "end-timestamp: "},
        Refusal{"ShortLife", {{"expires", "299"}}, "a session lasts 300 to 43200 seconds"},
        Refusal{"TsInDash",
                {{"protocol", "dash"}, {"container-format", "mpeg-ts"}},
                "container-format=mpeg-ts is for protocol=hls only"},
        Refusal{"DiscontinuityInDash",
                {{"protocol", "dash"}, {"discontinuity-mode", "never"}},
                "discontinuity-mode is for protocol=hls only"},
        Refusal{"NumberInHls",
                {{"display-fragment-number", "always"}},
                "display-fragment-number is for protocol=dash only"},
        Refusal{"TwoStreams",
                {{"stream-arn", "arn:aws:kinesisvideo:us-east-1:1:stream/cam1/1"}},
                "set either stream-name or stream-arn"},
        Refusal{"BadUri", {{"uri", "kvshls:///cam1?expire=300"}}, "no key \"expire\""}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(SessionProperties, NumbersOutOfRangeAreNotStored) {
  GstElement* source = gst_element_factory_make("kvssessionsrc", nullptr);
  for (const char* name : {"expires", "max-fragments"}) {
    const GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(source), name);
    EXPECT_EQ(G_PARAM_SPEC_UINT(spec)->minimum, 0U);
    EXPECT_EQ(G_PARAM_SPEC_UINT(spec)->maximum, std::string(name) == "expires" ? 43200U : 5000U);
  }
  gst_object_unref(source);
}

TEST(SessionProperties, CapsAreThoseOfTheProtocol) {
  for (const auto& [protocol, type] :
       {std::pair("hls", "application/x-hls"), std::pair("dash", "application/dash+xml")}) {
    SessionServer server;
    const PlayedSession played = playToSink(makeSessionSource(server.url(), "cam1", protocol));
    EXPECT_TRUE(played.eos);
    EXPECT_EQ(played.tracks.at("src").caps, std::vector<std::string>{type});
    EXPECT_EQ(played.document, server.manifest());
    EXPECT_EQ(played.manifestBytes, server.manifest().size());
    EXPECT_GT(played.expiresAt, 0U);
  }
}

TEST(SessionProperties, TheUrlIsToldToThoseWhoAskForIt) {
  SessionServer server;
  const PlayedSession played = playToSink(makeSessionSource(server.url(), "cam1", "hls"));
  EXPECT_EQ(played.uri, server.sessionUrl());
  EXPECT_EQ(played.uriRedirection, "");
}

TEST(SessionProperties, WhatIsSetWhileItRunsCountsFromTheNextStart) {
  SessionServer server;
  GstElement* source = makeSessionSource(server.url(), "cam1", "hls");
  GstElement* pipeline = intoFakesink(source);
  GstBus* bus = gst_element_get_bus(pipeline);
  for (const char* expected : {"\"PlaybackMode\":\"LIVE\"", "\"Expires\":600"}) {
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    GstMessage* message = gst_bus_timed_pop_filtered(bus, 10 * GST_SECOND, GST_MESSAGE_EOS);
    ASSERT_NE(message, nullptr);
    gst_message_unref(message);
    EXPECT_NE(server.sessionRequest().find(expected), std::string::npos);
    g_object_set(source, "expires", 600, nullptr);
    gst_element_set_state(pipeline, GST_STATE_READY);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
