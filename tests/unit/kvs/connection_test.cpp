// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/connection.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::kvs {
namespace {

using test::ScopedEnv;

ConnectionSettings good() {
  ConnectionSettings settings;
  settings.streamName = "cam1";
  settings.region = "eu-west-1";
  settings.keys.accessKeyId = "AKID";
  settings.keys.secretKey = "secret";
  return settings;
}

std::unique_ptr<Connection> opened(const ConnectionSettings& settings) {
  auto connection = Connection::make(settings, systemClock());
  return connection && (*connection)->open(CancelToken()) ? std::move(*connection) : nullptr;
}

/// The number of retries that comes of these settings; -2 for an error.
int retriesOf(const ConnectionSettings& settings) {
  const auto connection = opened(settings);
  return connection ? connection->client().retryOptions().retries : -2;
}

TEST(Connection, RetriesOfThePropertyTheEnvironmentOrTheDefault) {
  const ScopedEnv unset("AWS_MAX_ATTEMPTS", nullptr);
  EXPECT_EQ(retriesOf(good()), 5);
  for (const auto& [text, retries] : {std::pair("1", 0), std::pair("3", 2),
                                      std::pair("2147483647", 2147483646), std::pair("", 5)}) {
    const ScopedEnv environment("AWS_MAX_ATTEMPTS", text);
    EXPECT_EQ(retriesOf(good()), retries) << text;
    ConnectionSettings settings = good();
    settings.retry.retries = 5;  // even if it is the default's value
    settings.retriesSet = true;
    EXPECT_EQ(retriesOf(settings), 5);
    settings.retry.retries = -1;
    EXPECT_EQ(retriesOf(settings), -1);
  }
}

TEST(Connection, ProxiesWithUnescapedPasswordsAreRefused) {
  ConnectionSettings settings = good();
  settings.network.proxy.url = "http://user:p@topse/cret@proxy.example";
  const auto connection = Connection::make(settings, systemClock());
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().kind, ErrorKind::kSettings);
  EXPECT_EQ(connection.error().message.find("topse"), std::string::npos);
}

TEST(Connection, DelaysAreHandedOn) {
  ConnectionSettings settings = good();
  settings.retry.backoffFactor = 0.5;
  settings.retry.backoffMax = 7;
  const auto connection = opened(settings);
  ASSERT_TRUE(connection);
  EXPECT_EQ(connection->client().retryOptions().backoffFactor, 0.5);
  EXPECT_EQ(connection->client().retryOptions().backoffMax, 7);
}

TEST(Connection, ABadNumberOfAttemptsIsASettingsError) {
  for (const char* text : {"0", "-1", "three", "3x", " 3", "3.5", "2147483648", "99999999999999"}) {
    const ScopedEnv environment("AWS_MAX_ATTEMPTS", text);
    const auto connection = Connection::make(good(), systemClock());
    ASSERT_FALSE(connection) << text;
    EXPECT_EQ(connection.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(connection.error().message,
              std::string("AWS_MAX_ATTEMPTS: \"") + text + "\" is not a whole number of 1 or more");
    ConnectionSettings settings = good();
    settings.retriesSet = true;  // then nobody looks at it
    EXPECT_EQ(retriesOf(settings), 5) << text;
  }
}

TEST(Connection, WhatCanNotBeUsedIsNamedInOneLine) {
  const std::string longText(100'000, 'x');
  const struct {
    const char* setting;
    std::string ConnectionSettings::*field;
    std::string value;
  } cases[] = {{"stream-name", &ConnectionSettings::streamName, "cam\n1"},
               {"stream-name", &ConnectionSettings::streamName, "cam\xff"},
               {"stream-name", &ConnectionSettings::streamName, longText},
               {"aws-region", &ConnectionSettings::region, "eu\r\nX: y"},
               {"aws-region", &ConnectionSettings::region, longText},
               {"endpoint-url", &ConnectionSettings::endpointUrl, "http://" + longText}};
  for (const auto& c : cases) {
    ConnectionSettings settings = good();
    settings.*c.field = c.value;
    const auto connection = Connection::make(settings, systemClock());
    ASSERT_FALSE(connection) << c.setting;
    const std::string& message = connection.error().message;
    EXPECT_EQ(connection.error().kind, ErrorKind::kSettings) << c.setting;
    EXPECT_NE(message.find(c.setting), std::string::npos) << message;
    EXPECT_EQ(message, oneLine(message, 500)) << c.setting;
  }
}

TEST(Connection, AUserAgentIsOneLine) {
  ConnectionSettings settings = good();
  for (const char* bad : {"me\r\nX: y", "me\n", "me\x7f"}) {
    settings.network.userAgent = bad;
    const auto connection = Connection::make(settings, systemClock());
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(connection.error().message.compare(0, 10, "user-agent"), 0);
  }
  settings.network.userAgent = "me/1 (m\xc3\xa9)";
  EXPECT_TRUE(Connection::make(settings, systemClock()));
}

TEST(Connection, AFileOfAuthoritiesCanBeRead) {
  const test::TempFile file("anything");
  const test::TempFile empty("");
  ConnectionSettings settings = good();
  settings.network.caFile = file.path();
  EXPECT_TRUE(Connection::make(settings, systemClock()));
  for (const char* bad : {empty.path(), "/tmp", "/nowhere/ca.pem"}) {
    settings.network.caFile = bad;
    const auto connection = Connection::make(settings, systemClock());
    ASSERT_FALSE(connection) << bad;
    EXPECT_EQ(connection.error().message.compare(0, 11, "ssl-ca-file"), 0);
  }
}

}  // namespace
}  // namespace kvsarchive::kvs
