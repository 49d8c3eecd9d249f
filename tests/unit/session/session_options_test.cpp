// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_options.h"

#include <gtest/gtest.h>

namespace kvsarchive::session {
namespace {

using kvs::PlaybackMode;
using kvs::SessionProtocol;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const UnixTime kNow = unixTimeFromMillis(1'772'359'200'000);  // 2026-03-01T10:00:00Z

SessionOptions live() { return {}; }

SessionOptions replay() {
  SessionOptions options;
  options.playbackMode = PlaybackMode::kLiveReplay;
  options.start = kNow - hours(2);
  return options;
}

SessionOptions onDemand() {
  SessionOptions options;
  options.playbackMode = PlaybackMode::kOnDemand;
  options.start = kNow - hours(2);
  options.end = kNow - hours(1);
  return options;
}

/// Why it is refused; empty = it is not.
std::string refusal(const SessionOptions& options) {
  const auto request = makeSessionRequest(options, kNow);
  if (request) {
    return "";
  }
  EXPECT_EQ(request.error().kind, ErrorKind::kSettings);
  return request.error().message;
}

TEST(SessionOptions, TheApisDefaults) {
  const auto request = makeSessionRequest(live(), kNow);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->protocol, SessionProtocol::kHls);
  EXPECT_EQ(request->playbackMode, PlaybackMode::kLive);
  EXPECT_EQ(request->selectorType, kvs::SelectorType::kServerTimestamp);
  EXPECT_FALSE(request->start);
  EXPECT_FALSE(request->end);
  EXPECT_EQ(request->containerFormat, kvs::ContainerFormat::kFragmentedMp4);
  EXPECT_EQ(request->discontinuityMode, kvs::DiscontinuityMode::kDefault);
  EXPECT_EQ(request->displayFragmentTimestamp, kvs::DisplayMode::kNever);
  EXPECT_EQ(request->displayFragmentNumber, kvs::DisplayMode::kNever);
  EXPECT_EQ(request->maxFragments, 0);
}

TEST(SessionOptions, ThatAreGood) {
  EXPECT_EQ(refusal(live()), "");
  EXPECT_EQ(refusal(replay()), "");
  EXPECT_EQ(refusal(onDemand()), "");
  SessionOptions options = replay();
  options.end = kNow;
  EXPECT_EQ(refusal(options), "");
  options = live();
  options.selectorType = kvs::SelectorType::kProducerTimestamp;
  EXPECT_EQ(refusal(options), "");
  for (SessionOptions dash : {live(), replay(), onDemand()}) {
    dash.protocol = SessionProtocol::kDash;
    dash.displayFragmentNumber = kvs::DisplayMode::kAlways;
    dash.displayFragmentTimestamp = kvs::DisplayMode::kAlways;
    EXPECT_EQ(refusal(dash), "");
  }
  for (SessionOptions hls : {live(), replay(), onDemand()}) {
    hls.containerFormat = kvs::ContainerFormat::kMpegTs;
    hls.discontinuityMode = kvs::DiscontinuityMode::kOnDiscontinuity;
    hls.displayFragmentTimestamp = kvs::DisplayMode::kAlways;
    EXPECT_EQ(refusal(hls), "");
  }
}

TEST(SessionOptions, WhatOnlyTheOtherProtocolKnowsIsRefused) {
  SessionOptions options = live();
  options.displayFragmentNumber = kvs::DisplayMode::kAlways;
  EXPECT_EQ(refusal(options), "display-fragment-number is for protocol=dash only");
  options = live();
  options.protocol = SessionProtocol::kDash;
  options.containerFormat = kvs::ContainerFormat::kMpegTs;
  EXPECT_EQ(refusal(options),
            "container-format=mpeg-ts is for protocol=hls only: DASH has fragmented-mp4");
  for (const auto mode : {kvs::DiscontinuityMode::kAlways, kvs::DiscontinuityMode::kNever,
                          kvs::DiscontinuityMode::kOnDiscontinuity}) {
    options = live();
    options.protocol = SessionProtocol::kDash;
    options.discontinuityMode = mode;
    EXPECT_EQ(refusal(options), "discontinuity-mode is for protocol=hls only");
  }
}

TEST(SessionOptions, LiveHasNoRange) {
  SessionOptions options = live();
  options.start = kNow - hours(1);
  EXPECT_NE(refusal(options).find("start-timestamp is set, which playback-mode=live has none of"),
            std::string::npos);
  options = live();
  options.end = kNow - hours(1);
  EXPECT_NE(refusal(options).find("end-timestamp is set, which playback-mode=live has none of"),
            std::string::npos);
}

TEST(SessionOptions, OtherModesHaveARange) {
  SessionOptions options = replay();
  options.start.reset();
  EXPECT_EQ(refusal(options), "playback-mode=live-replay needs a start-timestamp");
  options.end = kNow - hours(1);
  EXPECT_EQ(refusal(options), "playback-mode=live-replay needs a start-timestamp");
  const std::string both = "playback-mode=on-demand needs start-timestamp and end-timestamp, and ";
  options = onDemand();
  options.end.reset();
  EXPECT_EQ(refusal(options), both + "end-timestamp is not set");
  options = onDemand();
  options.start.reset();
  EXPECT_EQ(refusal(options), both + "start-timestamp is not set");
  options.end.reset();
  EXPECT_EQ(refusal(options), both + "neither is set");
}

TEST(SessionOptions, TheRangeIsInOrder) {
  for (SessionOptions options : {replay(), onDemand()}) {
    for (const auto type :
         {kvs::SelectorType::kServerTimestamp, kvs::SelectorType::kProducerTimestamp}) {
      options.selectorType = type;
      options.end = options.start;
      EXPECT_EQ(refusal(options),
                "end-timestamp 2026-03-01T08:00:00.000Z is not after start-timestamp "
                "2026-03-01T08:00:00.000Z");
      options.end = *options.start + milliseconds(1);
      EXPECT_EQ(refusal(options), "");
    }
  }
}

TEST(SessionOptions, TheRangeHas24HoursAtMost) {
  for (SessionOptions options : {replay(), onDemand()}) {
    options.start = kNow - hours(30);
    options.end = *options.start + hours(24);
    EXPECT_EQ(refusal(options), "");
    options.end = *options.end + milliseconds(1);
    EXPECT_NE(refusal(options).find("is more than 24 hours after start-timestamp"),
              std::string::npos);
  }
}

TEST(SessionOptions, TheEndIsNotInTheFutureOfTheServicesClock) {
  for (SessionOptions options : {replay(), onDemand()}) {
    options.end = kNow;
    EXPECT_EQ(refusal(options), "");
    options.end = kNow + milliseconds(1);
    EXPECT_NE(refusal(options).find("is in the future"), std::string::npos);
    options.selectorType = kvs::SelectorType::kProducerTimestamp;  // whose clock may be ahead
    EXPECT_EQ(refusal(options), "");
  }
}

TEST(SessionOptions, NumbersAreInTheirRanges) {
  for (const unsigned good : {0U, 300U, 43200U}) {
    SessionOptions options = live();
    options.expires = good;
    EXPECT_EQ(refusal(options), "") << good;
  }
  for (const unsigned wrong : {1U, 299U, 43201U}) {
    SessionOptions options = live();
    options.expires = wrong;
    EXPECT_EQ(refusal(options), "expires is " + std::to_string(wrong) +
                                    ", and a session lasts 300 to 43200 seconds; 0 = as long as "
                                    "the range takes");
  }
  SessionOptions options = live();
  options.maxFragments = 5000;
  EXPECT_EQ(makeSessionRequest(options, kNow)->maxFragments, 5000);
  options.maxFragments = 5001;
  EXPECT_NE(refusal(options).find("max-fragments is 5001"), std::string::npos);
}

seconds life(const SessionOptions& options) { return makeSessionRequest(options, kNow)->expires; }

TEST(SessionOptions, ASessionLastsAsLongAsItsRangeTakes) {
  EXPECT_EQ(life(live()), seconds(43200));
  EXPECT_EQ(life(replay()), seconds(43200));
  EXPECT_EQ(life(onDemand()), seconds(3600 + 600));
  SessionOptions options = replay();
  options.end = *options.start + seconds(60);
  EXPECT_EQ(life(options), seconds(660));
  options = onDemand();
  options.start = kNow - hours(24);
  options.end = kNow;
  EXPECT_EQ(life(options), seconds(43200));
  options.expires = 300;
  EXPECT_EQ(life(options), seconds(300));
}

}  // namespace
}  // namespace kvsarchive::session
