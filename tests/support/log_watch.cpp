// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/log_watch.h"

#include <gtest/gtest.h>

#include <mutex>
#include <utility>

#include "support/pipeline_run.h"

namespace kvsarchive::test {
namespace {

/// Guards all watches. It and the pointer outlive every thread.
std::mutex& mutex() {
  static auto* const mutex = new std::mutex;
  return *mutex;
}

LogWatch*& current() {
  static LogWatch* watch = nullptr;
  return watch;
}

std::string textOf(GstMessage* message) {
  const GstStructure* structure = gst_message_get_structure(message);
  g_autofree gchar* fields = structure != nullptr ? gst_structure_to_string(structure) : nullptr;
  std::string text = fields != nullptr ? fields : "";
  g_autoptr(GError) error = nullptr;  // which the fields don't show
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    gst_message_parse_error(message, &error, nullptr);
  } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING) {
    gst_message_parse_warning(message, &error, nullptr);
  }
  return error != nullptr ? error->message + (" " + text) : text;
}

}  // namespace

LogWatch::LogWatch(const std::vector<std::string>& secrets, std::string categories)
    : watched_(std::move(categories)), secrets_(secrets.begin(), secrets.end()) {
  gst_debug_remove_log_function(gst_debug_log_default);
  {
    const std::lock_guard lock(mutex());
    current() = this;
  }
  gst_debug_add_log_function(onLine, nullptr, nullptr);
  gst_debug_set_threshold_from_string("*:9", TRUE);
}

LogWatch::~LogWatch() {
  gst_debug_set_threshold_from_string("*:0", TRUE);
  gst_debug_remove_log_function(onLine);
  // A thread of GStreamer's pool may still be about to log that its task is over.
  const std::lock_guard lock(mutex());
  current() = nullptr;
}

void LogWatch::add(const std::vector<std::string>& secrets) {
  const std::lock_guard lock(mutex());
  secrets_.insert(secrets.begin(), secrets.end());
}

void LogWatch::look(const std::string& text) {
  const std::lock_guard lock(mutex());
  lookLocked(text);
}

void LogWatch::play(GstElement* source, GstMessageType expected) {
  GstElement* pipeline = intoFakesink(source);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  constexpr auto kEnds = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  for (bool found = false; !found;) {
    GstMessage* message = gst_bus_timed_pop(bus, 20 * GST_SECOND);
    if (message == nullptr) {
      ADD_FAILURE() << "no end";
      break;
    }
    look(textOf(message));
    found = (GST_MESSAGE_TYPE(message) & kEnds) != 0;
    EXPECT_TRUE(!found || GST_MESSAGE_TYPE(message) == expected) << textOf(message);
    gst_message_unref(message);
  }
  g_autofree gchar* graph = gst_debug_bin_to_dot_data(GST_BIN(pipeline), GST_DEBUG_GRAPH_SHOW_ALL);
  EXPECT_NE(std::string(graph).find(GST_OBJECT_NAME(source)), std::string::npos);
  look(graph);
  lookAtProperties(source);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
}

void LogWatch::lookAtProperties(GstElement* element) {
  guint count = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &count);
  for (guint i = 0; i < count; ++i) {
    if ((specs[i]->flags & G_PARAM_READABLE) == 0) {
      continue;
    }
    GValue value = G_VALUE_INIT;
    g_object_get_property(G_OBJECT(element), specs[i]->name, &value);
    g_autofree gchar* text = g_strdup_value_contents(&value);
    look(text);
    g_value_unset(&value);
  }
}

void LogWatch::expectNoLeak(const char* categoryThatMustHaveLogged, const std::string& name) {
  const std::lock_guard lock(mutex());
  EXPECT_TRUE(leaks_.empty()) << name << ": " << *leaks_.begin();
  EXPECT_EQ(categories_.count(categoryThatMustHaveLogged), 1U) << name;
}

void LogWatch::onLine(GstDebugCategory* category, GstDebugLevel, const gchar*, const gchar*, gint,
                      GObject*, GstDebugMessage* message, gpointer) {
  const char* const text = gst_debug_message_get(message);  // may log too
  const std::lock_guard lock(mutex());
  if (LogWatch* watch = current()) {
    const std::string name = gst_debug_category_get_name(category);
    if (name.compare(0, watch->watched_.size(), watch->watched_) == 0) {
      watch->lookLocked(text);
    }
    watch->categories_.insert(name);
  }
}

void LogWatch::lookLocked(const std::string& text) {
  for (const std::string& secret : secrets_) {
    if (text.find(secret) != std::string::npos) {
      leaks_.insert(text);
    }
  }
}

}  // namespace kvsarchive::test
