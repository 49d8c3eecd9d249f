// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <set>
#include <string>
#include <vector>

namespace kvsarchive::test {

/// Looks for secrets in everything that GStreamer logs at its highest level while it lives; one at
/// a time.
class LogWatch {
 public:
  /// `categories`: only in those whose name begins so.
  explicit LogWatch(const std::vector<std::string>& secrets, std::string categories = {});
  ~LogWatch();
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  /// For these too, from now on.
  void add(const std::vector<std::string>& secrets);
  /// Looks there as well.
  void look(const std::string& text);
  /// Plays `source` (taken over) to a fakesink until a message of that type comes, and looks at all
  /// messages, the pipeline's graph, and the source's properties.
  void play(GstElement* source, GstMessageType expected);

  /// `name` of the run, if it is one of several.
  void expectNoLeak(const char* categoryThatMustHaveLogged, const std::string& name = {});

 private:
  static void onLine(GstDebugCategory* category, GstDebugLevel level, const gchar* file,
                     const gchar* function, gint line, GObject* object, GstDebugMessage* message,
                     gpointer data);
  void lookLocked(const std::string& text);
  void lookAtProperties(GstElement* element);

  const std::string watched_;
  std::set<std::string> secrets_;
  std::set<std::string> leaks_;
  std::set<std::string> categories_;
};

}  // namespace kvsarchive::test
