// SPDX-License-Identifier: LGPL-2.1-or-later
// Bad settings are told at the start, before any request; secrets can't be read back.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/player.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

using Settings = std::vector<std::pair<const char*, const char*>>;

struct StartResult {
  bool started = false;
  int errors = 0;
  PlayedError error;
};

GstElement* makeWith(const Settings& settings) {
  GstElement* source = gst_element_factory_make("kvsarchivesrc", nullptr);
  for (const auto& [name, value] : settings) {
    gst_util_set_object_arg(G_OBJECT(source), name, value);
  }
  return source;
}

/// Takes a source to PAUSED behind a fakesink and tells whether its start() succeeded. Nothing
/// listens where it would connect to.
StartResult start(const Settings& settings) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeWith(settings);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  StartResult result;
  result.started = gst_element_set_state(pipeline, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
  GstBus* bus = gst_element_get_bus(pipeline);
  if (GstMessage* message = gst_bus_timed_pop_filtered(bus, 5 * GST_SECOND, GST_MESSAGE_ERROR)) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    result.error.domain = g_quark_to_string(error->domain);
    result.error.code = error->code;
    result.error.message = error->message;
    gst_message_unref(message);
    result.errors = 1;
  }
  while (GstMessage* message = gst_bus_timed_pop_filtered(bus, 0, GST_MESSAGE_ERROR)) {
    ++result.errors;
    gst_message_unref(message);
  }
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return result;
}

const Settings kGood = {{"stream-name", "cam1"},
                        {"aws-region", "us-east-1"},
                        {"endpoint-url", "http://127.0.0.1:1"},
                        {"access-key", "AKID"},
                        {"secret-key", "secret"},
                        {"retries", "0"},
                        {"start-timestamp", "2026-03-01T10:00:00Z"},
                        {"end-timestamp", "2026-03-01T10:10:00Z"}};

Settings goodBut(Settings changes) {
  Settings settings;
  for (const auto& setting : kGood) {
    const bool changed = std::any_of(changes.begin(), changes.end(), [&](const auto& change) {
      return std::string(change.first) == setting.first;
    });
    if (!changed) {
      settings.push_back(setting);
    }
  }
  for (const auto& change : changes) {
    if (change.second != nullptr) {
      settings.push_back(change);
    }
  }
  return settings;
}

class Properties : public testing::Test {
 protected:
  const ScopedEnv region_{"AWS_REGION", ""};
  const ScopedEnv defaultRegion_{"AWS_DEFAULT_REGION", ""};
  const ScopedEnv key_{"AWS_ACCESS_KEY_ID", ""};
  const ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", ""};
};

TEST_F(Properties, GoodOnesStart) {
  const StartResult result = start(kGood);
  EXPECT_TRUE(result.started);
  EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_OPEN_READ) << result.error.message;
}

TEST_F(Properties, BadOnesAreToldAtTheStart) {
  constexpr const char* kArn =
      "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam1/1598784211076";
  const struct {
    Settings changes;
    const char* text;
  } cases[] = {
      {{{"stream-name", nullptr}}, "stream-name"},
      {{{"stream-arn", kArn}}, "stream-arn"},
      {{{"stream-name", "no spaces"}}, "stream-name"},
      {{{"stream-name", nullptr}, {"stream-arn", "arn:aws:s3:::bucket"}}, "stream-arn"},
      {{{"stream-name", nullptr}, {"stream-arn", kArn}}, "region"},
      {{{"aws-region", nullptr}}, "aws-region"},
      {{{"aws-region", "us-east-1.evil.com/"}}, "region"},
      {{{"endpoint-url", "ftp://somewhere"}}, "endpoint-url"},
      {{{"endpoint-url", "nowhere"}}, "endpoint-url"},
      {{{"secret-key", nullptr}}, "secret-key"},
      {{{"access-key", nullptr}}, "access-key"},
      {{{"start-timestamp", nullptr}}, "start-timestamp"},
      {{{"start-timestamp", "yesterday"}}, "start-timestamp"},
      {{{"start-timestamp", "2026-03-01T10:00:00"}}, "zone"},
      {{{"start-timestamp", "now-3x"}}, "start-timestamp"},
      {{{"end-timestamp", "later"}}, "end-timestamp"},
      {{{"end-timestamp", "2026-03-01T10:00:00Z"}}, "not after"},
      {{{"end-timestamp", "2026-03-01T09:00:00Z"}}, "not after"},
      {{{"ssl-ca-file", "/nowhere/ca.pem"}}, "ssl-ca-file"},
  };
  for (const auto& c : cases) {
    const StartResult result = start(goodBut(c.changes));
    const std::string name = std::string(c.changes.back().first) + "=" +
                             (c.changes.back().second != nullptr ? c.changes.back().second : "");
    EXPECT_FALSE(result.started) << name;
    EXPECT_EQ(result.errors, 1) << name;
    EXPECT_EQ(result.error.domain, "gst-resource-error-quark") << name;
    EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_SETTINGS) << name;
    EXPECT_NE(result.error.message.find(c.text), std::string::npos)
        << name << ": " << result.error.message;
  }
}

TEST_F(Properties, OrderOfSettingDoesNotMatter) {
  Settings settings = kGood;
  std::reverse(settings.begin(), settings.end());
  EXPECT_TRUE(start(settings).started);
}

TEST_F(Properties, ArnAloneGivesTheRegion) {
  const StartResult result = start(goodBut(
      {{"stream-name", nullptr},
       {"aws-region", nullptr},
       {"stream-arn", "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam1/1598784211076"}}));
  EXPECT_TRUE(result.started) << result.error.message;
}

TEST_F(Properties, RegionComesFromTheEnvironment) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const ScopedEnv region(variable, "eu-west-1");
    EXPECT_TRUE(start(goodBut({{"aws-region", nullptr}})).started) << variable;
  }
}

TEST_F(Properties, MissingCredentialsAreNotAuthorized) {
  const StartResult result = start(goodBut({{"access-key", nullptr}, {"secret-key", nullptr}}));
  EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  EXPECT_NE(result.error.message.find("AWS_ACCESS_KEY_ID"), std::string::npos)
      << result.error.message;
}

TEST_F(Properties, BadMaxAttemptsAreToldUnlessRetriesIsSet) {
  const ScopedEnv attempts("AWS_MAX_ATTEMPTS", "0");
  const StartResult result = start(goodBut({{"retries", nullptr}}));
  EXPECT_FALSE(result.started);
  EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_NE(result.error.message.find("AWS_MAX_ATTEMPTS"), std::string::npos)
      << result.error.message;
  EXPECT_TRUE(start(kGood).started);
}

TEST_F(Properties, RelativeTimesResolveAtTheStart) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source =
      makeWith(goodBut({{"start-timestamp", "now-1h30m"}, {"end-timestamp", "now"}}));
  gst_bin_add(GST_BIN(pipeline), source);
  const auto before = static_cast<guint64>(g_get_real_time()) * GST_USECOND;
  gst_element_set_state(pipeline, GST_STATE_PAUSED);
  guint64 startNs = 0;
  guint64 endNs = 0;
  g_object_get(source, "start-time-ns", &startNs, "end-time-ns", &endNs, nullptr);
  EXPECT_EQ(endNs - startNs, 5400 * GST_SECOND);
  EXPECT_GE(endNs + GST_MSECOND, before);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Properties, KeepWhatWasSet) {
  GstElement* source = makeWith(goodBut({{"timeline", "server"},
                                         {"fragment-selector-type", "server-timestamp"},
                                         {"on-track-change", "drop-tracks"},
                                         {"timeout", "7"},
                                         {"connection-timeout", "3"},
                                         {"retries", "-1"},
                                         {"retry-backoff-factor", "0.25"},
                                         {"retry-backoff-max", "7.5"},
                                         {"user-agent", "me/1"},
                                         {"post-fragment-messages", "true"}}));
  for (const auto& [name, expected] : Settings{{"stream-name", "cam1"},
                                               {"aws-region", "us-east-1"},
                                               {"endpoint-url", "http://127.0.0.1:1"},
                                               {"start-timestamp", "2026-03-01T10:00:00Z"},
                                               {"user-agent", "me/1"},
                                               {"timeline", "server"},
                                               {"fragment-selector-type", "server-timestamp"},
                                               {"on-track-change", "drop-tracks"},
                                               {"timeout", "7"},
                                               {"connection-timeout", "3"},
                                               {"retries", "-1"},
                                               {"retry-backoff-factor", "0.25"},
                                               {"retry-backoff-max", "7.5"},
                                               {"post-fragment-messages", "true"}}) {
    GValue value = G_VALUE_INIT;
    g_object_get_property(G_OBJECT(source), name, &value);
    // Serializing would put quotes around some strings.
    g_autofree gchar* text =
        G_VALUE_HOLDS_STRING(&value) ? g_value_dup_string(&value) : gst_value_serialize(&value);
    EXPECT_STREQ(text, expected) << name;
    g_value_unset(&value);
  }
  gst_object_unref(gst_object_ref_sink(source));
}

TEST_F(Properties, UnsetIsNull) {
  GstElement* source = gst_element_factory_make("kvsarchivesrc", nullptr);
  for (const char* name : {"stream-name", "stream-arn", "aws-region", "endpoint-url", "user-agent",
                           "start-timestamp", "ssl-ca-file"}) {
    g_autofree gchar* value = nullptr;
    g_object_get(source, name, &value, nullptr);
    EXPECT_EQ(value, nullptr) << name;
  }
  g_autofree gchar* end = nullptr;
  g_object_get(source, "end-timestamp", &end, nullptr);
  EXPECT_STREQ(end, "now");
  gst_object_unref(gst_object_ref_sink(source));
}

TEST_F(Properties, SecretsCannotBeRead) {
  GObjectClass* klass = static_cast<GObjectClass*>(g_type_class_ref(
      gst_element_factory_get_element_type(gst_element_factory_find("kvsarchivesrc"))));
  for (const char* name : {"access-key", "secret-key", "session-token"}) {
    const GParamSpec* spec = g_object_class_find_property(klass, name);
    ASSERT_NE(spec, nullptr) << name;
    EXPECT_EQ(spec->flags & G_PARAM_READABLE, 0) << name;
    EXPECT_NE(spec->flags & G_PARAM_WRITABLE, 0) << name;
  }
  g_type_class_unref(klass);
}

}  // namespace
}  // namespace kvsarchive::test
