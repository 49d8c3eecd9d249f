// SPDX-License-Identifier: LGPL-2.1-or-later
// Keys that the user gives are seen by the service only: in no log line at the highest level, no
// message, no graph, whether all goes well or not.
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>

#include "support/emulator_process.h"
#include "support/player.h"
#include "support/scoped_env.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kKey = "AKIDVERYUNUSUALKEYID";
constexpr const char* kSecret = "very/unusual+secret/access+key/01234567890";
constexpr const char* kToken = "FwoGZXIvYXdzVeryUnusualSessionToken+/0123456789==";

const char* const kConfig = R"({"credentials": [
      {"access-key": "AKIDVERYUNUSUALKEYID",
       "secret-key": "very/unusual+secret/access+key/01234567890",
       "session-token": "FwoGZXIvYXdzVeryUnusualSessionToken+/0123456789=="}],
    "streams": [{"name": "cam1", "recordings": [
      {"type": "generated", "width": 64, "height": 64, "fragments": 2, "fragment-duration": 1,
       "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";

/// Looks for the secrets in everything that GStreamer logs while it lives.
class LogWatch {
 public:
  LogWatch() {
    gst_debug_remove_log_function(gst_debug_log_default);
    {
      const std::lock_guard lock(mutex());
      current() = this;
    }
    gst_debug_add_log_function(onLine, nullptr, nullptr);
    gst_debug_set_threshold_from_string("*:9", TRUE);
  }
  ~LogWatch() {
    gst_debug_set_threshold_from_string("*:0", TRUE);
    gst_debug_remove_log_function(onLine);
    // A thread of GStreamer's pool may still be about to log that its task is over.
    const std::lock_guard lock(mutex());
    current() = nullptr;
  }
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  void look(const std::string& text) {
    const std::lock_guard lock(mutex());
    lookLocked(text);
  }

  void expectNoLeak(const char* categoryThatMustHaveLogged) {
    const std::lock_guard lock(mutex());
    EXPECT_TRUE(leaks_.empty()) << *leaks_.begin();
    EXPECT_EQ(categories_.count(categoryThatMustHaveLogged), 1U);
  }

 private:
  /// Guards all watches. It and the pointer outlive every thread.
  static std::mutex& mutex() {
    static auto* const mutex = new std::mutex;
    return *mutex;
  }
  static LogWatch*& current() {
    static LogWatch* watch = nullptr;
    return watch;
  }

  static void onLine(GstDebugCategory* category, GstDebugLevel, const gchar*, const gchar*, gint,
                     GObject*, GstDebugMessage* message, gpointer) {
    const char* const text = gst_debug_message_get(message);  // may log too
    const std::lock_guard lock(mutex());
    if (LogWatch* watch = current()) {
      watch->lookLocked(text);
      watch->categories_.insert(gst_debug_category_get_name(category));
    }
  }

  void lookLocked(const std::string& text) {
    for (const char* secret : {kKey, kSecret, kToken}) {
      if (text.find(secret) != std::string::npos) {
        leaks_.insert(text);
      }
    }
  }

  std::set<std::string> leaks_;
  std::set<std::string> categories_;
};

/// Plays to a fakesink and shows all messages and the pipeline's graph to the watch.
void playWatched(GstElement* source, LogWatch* watch, GstMessageType expected) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  gst_bin_add_many(GST_BIN(pipeline), source, sink, nullptr);
  gst_element_link(source, sink);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  bool found = false;
  while (!found) {
    GstMessage* message = gst_bus_timed_pop(bus, 20 * GST_SECOND);
    ASSERT_NE(message, nullptr);
    g_autofree gchar* text = gst_structure_to_string(gst_message_get_structure(message) != nullptr
                                                         ? gst_message_get_structure(message)
                                                         : gst_structure_new_empty("none"));
    watch->look(text);
    found = GST_MESSAGE_TYPE(message) == expected;
    gst_message_unref(message);
  }
  g_autofree gchar* graph = gst_debug_bin_to_dot_data(GST_BIN(pipeline), GST_DEBUG_GRAPH_SHOW_ALL);
  EXPECT_NE(std::string(graph).find("kvsarchivesrc"), std::string::npos);
  watch->look(graph);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

TEST(Secrets, FromPropertiesStaySecret) {
  const EmulatorProcess emulator(kConfig);
  LogWatch watch;
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", kKey, "secret-key", kSecret, "session-token", kToken, nullptr);
  playWatched(source, &watch, GST_MESSAGE_EOS);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, FromTheEnvironmentStaySecret) {
  const EmulatorProcess emulator(kConfig);
  const ScopedEnv key("AWS_ACCESS_KEY_ID", kKey);
  const ScopedEnv secret("AWS_SECRET_ACCESS_KEY", kSecret);
  const ScopedEnv token("AWS_SESSION_TOKEN", kToken);
  LogWatch watch;
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", nullptr, "secret-key", nullptr, nullptr);
  playWatched(source, &watch, GST_MESSAGE_EOS);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, StaySecretWhenRefused) {
  // The keys of this emulator are others.
  const EmulatorProcess emulator(R"({"streams": []})");
  LogWatch watch;
  GstElement* source = makeSource(emulator.url(), "cam1");
  g_object_set(source, "access-key", kKey, "secret-key", kSecret, "session-token", kToken, nullptr);
  playWatched(source, &watch, GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-http");
}

TEST(Secrets, StaySecretWhenNobodyListens) {
  LogWatch watch;
  GstElement* source = makeSource("http://127.0.0.1:1", "cam1");
  g_object_set(source, "retries", 1, "retry-backoff-factor", 0.1, "access-key", kKey, "secret-key",
               kSecret, "session-token", kToken, nullptr);
  playWatched(source, &watch, GST_MESSAGE_ERROR);
  watch.expectNoLeak("kvsarchive-http");
}

}  // namespace
}  // namespace kvsarchive::test
