// SPDX-License-Identifier: LGPL-2.1-or-later
// Properties keep what is set and refuse what can't be right; bad settings are told at the start,
// before any request; secrets can't be read back.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/emulator_process.h"
#include "support/player.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

/// Name and value as text; no value is NULL.
using Setting = std::pair<std::string, std::optional<std::string>>;
using Settings = std::vector<Setting>;

constexpr const char* kNotReadable = "(not readable)";
constexpr const char* kNull = "(NULL)";

/// One property of the element's own.
struct Property {
  const char* name;
  const char* initial;              ///< kNull, kNotReadable
  std::vector<const char*> values;  ///< that can be set; none: read-only
};

/// Ends of ranges, and something between.
const std::vector<Property> kProperties = {
    {"stream-name", kNull, {"cam1", "a-B_c.9"}},
    {"stream-arn", kNull, {"arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam1/1"}},
    {"aws-region", kNull, {"eu-west-1"}},
    {"endpoint-url", kNull, {"http://127.0.0.1:8080/path"}},
    {"user-agent", kNull, {"me/1 (very much)"}},
    {"access-key", kNotReadable, {"AKID"}},
    {"secret-key", kNotReadable, {"secret"}},
    {"session-token", kNotReadable, {"token"}},
    {"credentials", kNotReadable, {"credentials,access-key=AKID,secret-key=secret"}},
    {"profile", kNull, {"cameras"}},
    {"credential-path", kNull, {".kvs/credential"}},
    {"iot-certificate", kNotReadable, {"iot-certificate,endpoint=x,cert-path=c,key-path=k"}},
    {"proxy", kNull, {"http://proxy:3128"}},
    {"proxy-id", kNull, {"me"}},
    {"proxy-pw", kNotReadable, {"secret"}},
    {"ssl-ca-file", kNull, {"/tmp/ca with blanks.pem"}},
    {"connection-timeout", "5", {"1", "7", "86400"}},
    {"timeout", "30", {"1", "7", "86400"}},
    {"retries", "5", {"-1", "0", "7", "2147483647"}},
    {"retry-backoff-factor", "1", {"0", "0.25", "3600"}},
    {"retry-backoff-max", "20", {"0", "7.5", "3600"}},
    {"start-timestamp", kNull, {"2026-03-01T10:00:00Z", "now-1h", "1772359200.5", "nonsense"}},
    {"end-timestamp", "now", {"2026-03-01T10:10:00+01:00", "now-5s"}},
    {"fragment-selector-type", "producer-timestamp", {"server-timestamp", "producer-timestamp"}},
    {"timeline", "producer", {"server", "producer"}},
    {"lead-in", "true", {"false", "true"}},
    {"trim-end", "true", {"false", "true"}},
    {"duplicates", "newest", {"all", "newest"}},
    {"on-missing-fragment", "skip", {"error", "skip"}},
    {"on-track-change", "error", {"drop-tracks", "drop-fragments", "error"}},
    {"max-connections", "4", {"1", "5", "16"}},
    {"prefetch-bytes", "67108864", {"65536", "268435456", "1099511627776"}},
    {"seekable", "true", {"false", "true"}},
    {"post-fragment-messages", "false", {"true", "false"}},
    {"start-time-ns", "0", {}},
    {"end-time-ns", "0", {}},
    {"origin-timestamp", "0", {}},
    {"stats", nullptr, {}},
};

/// Counts warnings of GObject, which refuses values out of range by one.
class WarningCount {
 public:
  WarningCount() : old_(g_log_set_default_handler(onMessage, this)) {}
  ~WarningCount() { g_log_set_default_handler(old_, nullptr); }
  WarningCount(const WarningCount&) = delete;
  WarningCount& operator=(const WarningCount&) = delete;

  int take() { return std::exchange(count_, 0); }

 private:
  static void onMessage(const gchar*, GLogLevelFlags level, const gchar*, gpointer data) {
    static_cast<WarningCount*>(data)->count_ += (level & G_LOG_LEVEL_WARNING) != 0 ? 1 : 0;
  }

  int count_ = 0;
  GLogFunc old_;
};

/// An element on its own, never started.
class Element {
 public:
  Element()
      : element_(
            GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make("kvsarchivesrc", nullptr)))) {}
  ~Element() { gst_object_unref(element_); }
  Element(const Element&) = delete;
  Element& operator=(const Element&) = delete;

  operator gpointer() const { return element_; }

  GParamSpec* spec(const std::string& name) const {
    return g_object_class_find_property(G_OBJECT_GET_CLASS(element_), name.c_str());
  }

  std::string text(const std::string& name) const {
    if ((spec(name)->flags & G_PARAM_READABLE) == 0) {
      return kNotReadable;
    }
    GValue value = G_VALUE_INIT;
    g_object_get_property(G_OBJECT(element_), name.c_str(), &value);
    std::string text = kNull;
    if (!G_VALUE_HOLDS_STRING(&value)) {
      g_autofree gchar* serialized = gst_value_serialize(&value);
      text = serialized;
    } else if (g_value_get_string(&value) != nullptr) {
      text = g_value_get_string(&value);
    }
    g_value_unset(&value);
    return text;
  }

  /// All that can be read.
  std::map<std::string, std::string> all() const {
    std::map<std::string, std::string> texts;
    for (const Property& property : kProperties) {
      texts[property.name] = text(property.name);
    }
    return texts;
  }

 private:
  GstElement* element_;
};

void set(gpointer element, const Setting& setting) {
  const auto& [name, value] = setting;
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name.c_str());
  if (G_IS_PARAM_SPEC_STRING(spec)) {
    g_object_set(element, name.c_str(), value ? value->c_str() : nullptr, nullptr);
  } else {
    gst_util_set_object_arg(G_OBJECT(element), name.c_str(), value->c_str());
  }
}

GstElement* makeWith(const Settings& settings) {
  GstElement* source = gst_element_factory_make("kvsarchivesrc", nullptr);
  for (const Setting& setting : settings) {
    set(source, setting);
  }
  return source;
}

struct StartResult {
  bool started = false;
  int errors = 0;
  PlayedError error;
};

/// Takes a source to PAUSED behind a fakesink, and tells what that came to.
StartResult start(const Settings& settings) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeWith(settings);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  StartResult result;
  result.started = gst_element_set_state(pipeline, GST_STATE_PAUSED) != GST_STATE_CHANGE_FAILURE;
  GstBus* bus = gst_element_get_bus(pipeline);
  constexpr auto kEnds = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_ASYNC_DONE);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND, kEnds);
  for (; message != nullptr; message = gst_bus_timed_pop_filtered(bus, 0, GST_MESSAGE_ERROR)) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR && ++result.errors == 1) {
      g_autoptr(GError) error = nullptr;
      gst_message_parse_error(message, &error, nullptr);
      result.error.domain = g_quark_to_string(error->domain);
      result.error.code = error->code;
      result.error.message = error->message;
    }
    gst_message_unref(message);
  }
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  return result;
}

/// All that came out of a run, but for what depends on the network.
std::string digest(const Played& played) {
  std::string text = "origin " + std::to_string(played.originNs) + "\n";
  for (const auto& [name, value] : played.stats) {
    text += name + " " + std::to_string(value) + "\n";
  }
  for (const auto& [name, track] : played.tracks) {
    for (const PlayedFrame& frame : track.frames) {
      text += name + " " + std::to_string(frame.ptsNs) + " " + frame.sha256 + "\n";
    }
  }
  return text + (played.error ? played.error->message : "");
}

constexpr const char* kArn =
    "arn:aws:kinesisvideo:us-east-1:123456789012:stream/cam1/1577836800000";

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 4, "fragment-duration": 1,
     "fps": 10, "audio": [{"codec": "aac"}], "start": "2026-03-01T10:00:00Z"}]}]})";

class Properties : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }

  /// Settings that play all of the recording: the range begins just before the second fragment.
  static Settings good() {
    return {{"stream-name", "cam1"},
            {"aws-region", "us-east-1"},
            {"endpoint-url", emulator_->url()},
            {"access-key", kAccessKey},
            {"secret-key", kSecretKey},
            {"retries", "0"},
            {"start-timestamp", "2026-03-01T10:00:00.950Z"},
            {"end-timestamp", "2026-03-01T10:10:00Z"}};
  }

  /// No value: not set at all.
  static Settings goodBut(const Settings& changes) {
    Settings settings = good();
    for (const Setting& change : changes) {
      const auto old = std::find_if(settings.begin(), settings.end(),
                                    [&](const auto& s) { return s.first == change.first; });
      if (old != settings.end()) {
        settings.erase(old);
      }
      if (change.second) {
        settings.push_back(change);
      }
    }
    return settings;
  }

  /// Requests that came, once those of elements that are gone have.
  static size_t countRequests() {
    for (size_t before = SIZE_MAX;;) {
      const size_t count = emulator_->requests().size();
      if (count == before) {
        return count;
      }
      before = count;
      g_usleep(20'000);
    }
  }

  static void expectRefused(const Settings& settings, const std::string& text,
                            const std::string& name) {
    const size_t requests = countRequests();
    const StartResult result = start(settings);
    EXPECT_FALSE(result.started) << name;
    EXPECT_EQ(result.errors, 1) << name;
    EXPECT_EQ(result.error.domain, "gst-resource-error-quark") << name;
    EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_SETTINGS) << name;
    EXPECT_NE(result.error.message.find(text), std::string::npos)
        << name << ": " << result.error.message;
    EXPECT_LT(result.error.message.size(), 1000U) << name;
    EXPECT_EQ(result.error.message.find_first_of("\r\n"), std::string::npos) << name;
    EXPECT_TRUE(g_utf8_validate(result.error.message.c_str(), -1, nullptr)) << name;
    EXPECT_EQ(emulator_->requests().size(), requests) << name;
  }

  inline static std::unique_ptr<const EmulatorProcess> emulator_;

 private:
  const ScopedEnv region_{"AWS_REGION", ""};
  const ScopedEnv defaultRegion_{"AWS_DEFAULT_REGION", ""};
  const ScopedEnv key_{"AWS_ACCESS_KEY_ID", ""};
  const ScopedEnv secret_{"AWS_SECRET_ACCESS_KEY", ""};
  const ScopedEnv token_{"AWS_SESSION_TOKEN", ""};
  const ScopedEnv attempts_{"AWS_MAX_ATTEMPTS", ""};
};

TEST_F(Properties, AllAreTestedHere) {
  std::set<std::string> installed;
  const Element element;
  guint count = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(gpointer(element)), &count);
  for (guint i = 0; i < count; ++i) {
    if (specs[i]->owner_type == G_OBJECT_TYPE(gpointer(element))) {
      installed.insert(specs[i]->name);
    }
  }
  std::set<std::string> tested = {"uri"};  // is made of others: uri_test.cpp
  for (const Property& property : kProperties) {
    tested.insert(property.name);
  }
  EXPECT_EQ(installed, tested);
}

TEST_F(Properties, AllButCredentialsAreSetBeforeTheStartOnly) {
  const Element element;
  for (const Property& property : kProperties) {
    const GParamFlags flags = element.spec(property.name)->flags;
    const bool writable = !property.values.empty();
    EXPECT_EQ((flags & G_PARAM_WRITABLE) != 0, writable) << property.name;
    const bool always = std::string(property.name) == "credentials";
    EXPECT_EQ((flags & GST_PARAM_MUTABLE_READY) != 0, writable && !always) << property.name;
    EXPECT_EQ((flags & GST_PARAM_MUTABLE_PLAYING) != 0, always) << property.name;
    EXPECT_EQ(flags & GST_PARAM_MUTABLE_PAUSED, 0) << property.name;
  }
}

TEST_F(Properties, BeginWithTheirDefaults) {
  const Element element;
  for (const Property& property : kProperties) {
    if (property.initial != nullptr) {
      EXPECT_EQ(element.text(property.name), property.initial) << property.name;
    }
  }
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(element, "stats", &stats, nullptr);
  ASSERT_NE(stats, nullptr);
  EXPECT_EQ(gst_structure_n_fields(stats), 26);
  int counts = 0;
  for (int i = 0; i < gst_structure_n_fields(stats); ++i) {
    guint64 value = 0;
    counts += gst_structure_get_uint64(stats, gst_structure_nth_field_name(stats, i), &value);
    EXPECT_EQ(value, 0U) << gst_structure_nth_field_name(stats, i);
  }
  EXPECT_EQ(counts, 21);
}

TEST_F(Properties, KeepWhatWasSetAndNothingElseChanges) {
  WarningCount warnings;
  for (const Property& property : kProperties) {
    const Element element;
    auto expected = element.all();
    for (const char* value : property.values) {
      set(element, {property.name, value});
      if (expected[property.name] != kNotReadable) {
        expected[property.name] = value;
      }
      EXPECT_EQ(element.all(), expected) << property.name << "=" << value;
    }
  }
  EXPECT_EQ(warnings.take(), 0);
}

TEST_F(Properties, NumbersOutOfRangeAreRefused) {
  const struct {
    const char* name;
    std::vector<double> values;
  } cases[] = {
      {"connection-timeout", {0, 86401}},
      {"timeout", {0, 86401}},
      {"retries", {-2, G_MININT}},
      {"retry-backoff-factor", {-0.001, 3600.001, HUGE_VAL, -HUGE_VAL}},
      {"retry-backoff-max", {-0.001, 3600.001, HUGE_VAL, -HUGE_VAL}},
      {"max-connections", {0, 17}},
      {"prefetch-bytes", {0, 65535, 1099511627777}},
  };
  const Element element;
  WarningCount warnings;
  for (const auto& c : cases) {
    const std::string before = element.text(c.name);
    for (const double number : c.values) {
      GValue value = G_VALUE_INIT;
      g_value_init(&value, element.spec(c.name)->value_type);
      if (G_VALUE_HOLDS_UINT(&value)) {
        g_value_set_uint(&value, static_cast<guint>(number));
      } else if (G_VALUE_HOLDS_INT(&value)) {
        g_value_set_int(&value, static_cast<gint>(number));
      } else if (G_VALUE_HOLDS_UINT64(&value)) {
        g_value_set_uint64(&value, static_cast<guint64>(number));
      } else {
        g_value_set_double(&value, number);
      }
      g_object_set_property(G_OBJECT(gpointer(element)), c.name, &value);
      EXPECT_EQ(warnings.take(), 1) << c.name << "=" << number;
      EXPECT_EQ(element.text(c.name), before) << c.name << "=" << number;
    }
  }
}

TEST_F(Properties, ChoicesThatDoNotExistAreRefused) {
  const Element element;
  WarningCount warnings;
  for (const char* name : {"fragment-selector-type", "timeline", "duplicates",
                           "on-missing-fragment", "on-track-change"}) {
    const std::string before = element.text(name);
    for (const int value : {-1, 3, 99}) {
      g_object_set(element, name, value, nullptr);
      EXPECT_EQ(warnings.take(), 1) << name << "=" << value;
      EXPECT_EQ(element.text(name), before) << name;
    }
    g_autoptr(GError) error = nullptr;
    const std::string launch = "kvsarchivesrc " + std::string(name) + "=no-such-nick ! fakesink";
    GstElement* pipeline = gst_parse_launch(launch.c_str(), &error);
    ASSERT_NE(error, nullptr) << name;
    EXPECT_EQ(error->code, GST_PARSE_ERROR_COULD_NOT_SET_PROPERTY) << name;
    gst_clear_object(&pipeline);
  }
}

TEST_F(Properties, NullAndEmptyTextsAreNotSet) {
  const Element element;
  const auto before = element.all();
  for (const Property& property : kProperties) {
    if (!G_IS_PARAM_SPEC_STRING(element.spec(property.name))) {
      continue;
    }
    for (const char* unset : {static_cast<const char*>(nullptr), ""}) {
      g_object_set(element, property.name, property.values.front(), nullptr);
      g_object_set(element, property.name, unset, nullptr);
      EXPECT_EQ(element.all(), before) << property.name;
    }
  }
}

TEST_F(Properties, SecretsCannotBeRead) {
  const Element element;
  WarningCount warnings;
  for (const char* name : {"access-key", "secret-key", "session-token"}) {
    EXPECT_EQ(element.spec(name)->flags & G_PARAM_READABLE, 0) << name;
    g_object_set(element, name, "unreadable", nullptr);
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_STRING);
    g_object_get_property(G_OBJECT(gpointer(element)), name, &value);
    EXPECT_EQ(warnings.take(), 1) << name;
    EXPECT_EQ(g_value_get_string(&value), nullptr) << name;
    g_value_unset(&value);
  }
}

TEST_F(Properties, ReadOnlyOnesCannotBeSet) {
  const Element element;
  WarningCount warnings;
  for (const char* name : {"start-time-ns", "end-time-ns", "origin-timestamp"}) {
    g_object_set(element, name, static_cast<guint64>(5), nullptr);
    EXPECT_EQ(warnings.take(), 1) << name;
    EXPECT_EQ(element.text(name), "0") << name;
  }
}

TEST_F(Properties, GoodOnesPlay) {
  const StartResult result = start(good());
  EXPECT_TRUE(result.started);
  EXPECT_EQ(result.errors, 0) << result.error.message;
  EXPECT_FALSE(emulator_->requests().empty());
  const Played played = play(makeWith(good()));
  EXPECT_TRUE(played.eos);
  ASSERT_NE(played.first(true), nullptr);
  EXPECT_EQ(played.first(true)->frames.size(), 40U);
}

TEST_F(Properties, BadOnesAreToldAtTheStart) {
  const std::string longText(100'000, 'x');
  const struct {
    Settings changes;
    const char* text;
  } cases[] = {
      {{{"stream-name", {}}}, "stream-name"},
      {{{"stream-name", ""}}, "stream-name"},
      {{{"stream-arn", kArn}}, "stream-arn"},
      {{{"stream-name", "no spaces"}}, "stream-name"},
      {{{"stream-name", "no\nlines"}}, "stream-name"},
      {{{"stream-name", "no\xff utf8"}}, "stream-name"},
      {{{"stream-name", longText}}, "stream-name"},
      {{{"stream-name", {}}, {"stream-arn", "arn:aws:s3:::bucket"}}, "stream-arn"},
      {{{"stream-name", {}}, {"stream-arn", "cam1"}}, "stream-arn"},
      {{{"stream-name", {}}, {"stream-arn", std::string(kArn) + "\n"}}, "stream-arn"},
      {{{"stream-name", {}}, {"stream-arn", longText}}, "stream-arn"},
      {{{"stream-name", {}}, {"stream-arn", kArn}, {"aws-region", "eu-west-1"}}, "region"},
      {{{"aws-region", {}}}, "aws-region"},
      {{{"aws-region", "us-east-1.evil.com/"}}, "region"},
      {{{"aws-region", "us-east-1\r\nX: y"}}, "region"},
      {{{"aws-region", longText}}, "region"},
      {{{"endpoint-url", "ftp://somewhere"}}, "endpoint-url"},
      {{{"endpoint-url", "nowhere"}}, "endpoint-url"},
      {{{"endpoint-url", emulator_->url() + "?a=b"}}, "endpoint-url"},
      {{{"endpoint-url", emulator_->url() + "/\r\nX: y"}}, "endpoint-url"},
      {{{"endpoint-url", "http://" + longText}}, "endpoint-url"},
      {{{"secret-key", {}}}, "secret-key"},
      {{{"access-key", {}}}, "access-key"},
      {{{"access-key", {}}, {"secret-key", {}}, {"session-token", "token"}}, "session-token"},
      {{{"user-agent", "me\r\nX: y"}}, "user-agent"},
      {{{"user-agent", "me\x01"}}, "user-agent"},
      {{{"start-timestamp", {}}}, "start-timestamp"},
      {{{"start-timestamp", "yesterday"}}, "start-timestamp"},
      {{{"start-timestamp", "2026-03-01T10:00:00"}}, "zone"},
      {{{"start-timestamp", "2026-02-30T10:00:00Z"}}, "start-timestamp"},
      {{{"start-timestamp", "-1"}}, "start-timestamp"},
      {{{"start-timestamp", "1e300"}}, "start-timestamp"},
      {{{"start-timestamp", "nan"}}, "start-timestamp"},
      {{{"start-timestamp", "now-3x"}}, "start-timestamp"},
      {{{"start-timestamp", "now-"}}, "start-timestamp"},
      {{{"start-timestamp", "now-999999999d"}}, "start-timestamp"},
      {{{"start-timestamp", "now-99999999999999999999s"}}, "start-timestamp"},
      {{{"start-timestamp", "\xff"}}, "start-timestamp"},
      {{{"start-timestamp", longText}}, "start-timestamp"},
      {{{"end-timestamp", "later"}}, "end-timestamp"},
      {{{"end-timestamp", "2300-01-01T00:00:00Z"}}, "end-timestamp"},
      {{{"end-timestamp", longText}}, "end-timestamp"},
      {{{"end-timestamp", "2026-03-01T10:00:00.950Z"}}, "not after"},
      {{{"end-timestamp", "2026-03-01T11:00:00.950+01:00"}}, "not after"},
      {{{"end-timestamp", "1772359200.95"}}, "not after"},
      {{{"end-timestamp", "2026-03-01T09:00:00Z"}}, "not after"},
      {{{"start-timestamp", "now"}, {"end-timestamp", {}}}, "not after"},
      {{{"start-timestamp", "2200-01-01T00:00:00Z"}, {"end-timestamp", {}}}, "not after"},
      {{{"ssl-ca-file", "/nowhere/ca.pem"}}, "ssl-ca-file"},
      {{{"ssl-ca-file", "/tmp"}}, "ssl-ca-file"},
      {{{"ssl-ca-file", longText}}, "ssl-ca-file"},
  };
  for (const auto& c : cases) {
    const Setting& last = c.changes.back();
    g_autofree gchar* value =
        g_strescape(last.second.value_or(kNull).substr(0, 40).c_str(), nullptr);
    expectRefused(goodBut(c.changes), c.text, last.first + "=" + value);
  }
}

TEST_F(Properties, KeysThatCanNotBeSentAreNotSent) {
  const size_t requests = countRequests();
  for (const char* name : {"access-key", "session-token"}) {
    const StartResult result = start(goodBut({{name, "line\r\nX: break"}}));
    EXPECT_EQ(result.errors, 1) << name;
    EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_SETTINGS) << name;
  }
  EXPECT_EQ(emulator_->requests().size(), requests);
}

TEST_F(Properties, MissingCredentialsAreNotAuthorized) {
  const size_t requests = countRequests();
  const StartResult result = start(goodBut({{"access-key", {}}, {"secret-key", {}}}));
  EXPECT_EQ(result.errors, 1);
  EXPECT_EQ(result.error.code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  EXPECT_NE(result.error.message.find("AWS_ACCESS_KEY_ID"), std::string::npos)
      << result.error.message;
  EXPECT_EQ(emulator_->requests().size(), requests);
}

TEST_F(Properties, BadMaxAttemptsAreToldUnlessRetriesIsSet) {
  for (const char* value : {"0", "-1", "two", "3 ", " 3", "1.5", "0x3", "+3", "99999999999999"}) {
    const ScopedEnv attempts("AWS_MAX_ATTEMPTS", value);
    expectRefused(goodBut({{"retries", {}}}), "AWS_MAX_ATTEMPTS", value);
    EXPECT_EQ(start(good()).errors, 0) << value;
  }
  for (const char* value : {"", "1", "2147483647"}) {
    const ScopedEnv attempts("AWS_MAX_ATTEMPTS", value);
    EXPECT_EQ(start(goodBut({{"retries", {}}})).errors, 0) << value;
  }
}

TEST_F(Properties, AnyNumberOfRetriesStarts) {
  for (const char* value : {"-1", "0", "2147483647"}) {
    EXPECT_EQ(start(goodBut({{"retries", value}})).errors, 0) << value;
  }
}

TEST_F(Properties, OrderOfSettingDoesNotMatter) {
  const Settings sets[] = {
      goodBut({{"fragment-selector-type", "server-timestamp"},
               {"timeline", "server"},
               {"trim-end", "false"},
               {"end-timestamp", "2026-03-01T10:00:02.5Z"},
               {"timeout", "9"},
               {"user-agent", "me/1"}}),
      goodBut({{"stream-name", {}},
               {"aws-region", {}},
               {"stream-arn", kArn},
               {"lead-in", "false"},
               {"retry-backoff-max", "3"}}),
      // Two mistakes at once: the same one is told.
      goodBut({{"end-timestamp", "2026-03-01T10:00:00Z"}, {"stream-arn", kArn}}),
  };
  std::mt19937 random(1);
  std::set<std::string> digests;
  for (const Settings& settings : sets) {
    const std::string expected = digest(play(makeWith(settings)));
    digests.insert(expected);
    Settings shuffled = settings;
    for (int i = 0; i < 8; ++i) {
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      EXPECT_EQ(digest(play(makeWith(shuffled))), expected);
    }
  }
  EXPECT_EQ(digests.size(), 3U);
}

TEST_F(Properties, TheLastOfSeveralValuesCounts) {
  Settings settings = {{"stream-name", "another"}, {"end-timestamp", "long ago"}, {"retries", "3"}};
  const Settings rest = good();
  settings.insert(settings.end(), rest.begin(), rest.end());
  EXPECT_EQ(digest(play(makeWith(settings))), digest(play(makeWith(good()))));
}

TEST_F(Properties, RegionComesFromArnOrEnvironment) {
  EXPECT_EQ(start(goodBut({{"stream-name", {}}, {"aws-region", {}}, {"stream-arn", kArn}})).errors,
            0);
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const ScopedEnv region(variable, "us-east-1");
    EXPECT_EQ(start(goodBut({{"aws-region", {}}})).errors, 0) << variable;
    const ScopedEnv wrong(variable, "eu-west-1");
    EXPECT_EQ(start(good()).errors, 0) << variable;
  }
}

TEST_F(Properties, RelativeTimesResolveAtTheStart) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeWith(goodBut({{"start-timestamp", "now-1h30m"}, {"end-timestamp", {}}}));
  gst_bin_add(GST_BIN(pipeline), source);
  for (int run = 0; run < 2; ++run) {
    const auto before = static_cast<guint64>(g_get_real_time()) * 1000;
    gst_element_set_state(pipeline, GST_STATE_PAUSED);
    guint64 startNs = 0;
    guint64 endNs = 0;
    g_object_get(source, "start-time-ns", &startNs, "end-time-ns", &endNs, nullptr);
    EXPECT_EQ(endNs - startNs, 5400 * GST_SECOND);
    EXPECT_GE(endNs + GST_MSECOND, before);
    EXPECT_LE(endNs, static_cast<guint64>(g_get_real_time()) * 1000);
    gst_element_set_state(pipeline, GST_STATE_READY);
    g_usleep(5000);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Properties, SurviveReadyAndNull) {
  GstElement* source = GST_ELEMENT(gst_object_ref_sink(
      makeWith(goodBut({{"timeline", "server"}, {"end-timestamp", "2026-03-01T10:00:02.5Z"}}))));
  const std::string first = digest(play(source));
  EXPECT_NE(first.find("frames-trimmed"), std::string::npos);
  for (const GstState state :
       {GST_STATE_READY, GST_STATE_NULL, GST_STATE_PAUSED, GST_STATE_READY, GST_STATE_NULL}) {
    gst_element_set_state(source, state);
  }
  EXPECT_EQ(digest(play(source)), first);
  // A start that fails spoils nothing either.
  g_object_set(source, "end-timestamp", "1", nullptr);
  EXPECT_EQ(gst_element_set_state(source, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  gst_element_set_state(source, GST_STATE_NULL);
  g_object_set(source, "end-timestamp", "2026-03-01T10:00:02.5Z", nullptr);
  EXPECT_EQ(digest(play(source)), first);
  gst_object_unref(source);
}

TEST_F(Properties, WhatIsSetWhileItRunsCountsFromTheNextStart) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* source = makeWith(good());
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  GstBus* bus = gst_element_get_bus(pipeline);
  constexpr auto kEnds = static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS);
  for (const guint64 fragments : {4U, 1U}) {
    gst_element_set_state(pipeline, GST_STATE_PAUSED);
    ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
              GST_STATE_CHANGE_SUCCESS);
    guint64 endNs = 0;
    g_object_get(source, "end-time-ns", &endNs, nullptr);
    g_object_set(source, "end-timestamp", "2026-03-01T10:00:00.960Z", "retries", -1, nullptr);
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    g_object_set(source, "lead-in", TRUE, "start-timestamp", "2026-03-01T10:00:00Z", nullptr);
    GstMessage* end = gst_bus_timed_pop_filtered(bus, 20 * GST_SECOND, kEnds);
    ASSERT_NE(end, nullptr);
    EXPECT_EQ(GST_MESSAGE_TYPE(end), GST_MESSAGE_EOS);
    gst_message_unref(end);
    guint64 endNsThen = 0;
    g_object_get(source, "end-time-ns", &endNsThen, nullptr);
    EXPECT_EQ(endNsThen, endNs);
    g_autoptr(GstStructure) stats = nullptr;
    g_object_get(source, "stats", &stats, nullptr);
    guint64 delivered = 0;
    gst_structure_get_uint64(stats, "fragments-delivered", &delivered);
    EXPECT_EQ(delivered, fragments);
    gst_element_set_state(pipeline, GST_STATE_READY);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
