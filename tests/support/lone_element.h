// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <map>
#include <string>

namespace kvsarchive::test {

/// An element on its own, never linked.
class LoneElement {
 public:
  explicit LoneElement(const char* factory);
  ~LoneElement();
  LoneElement(const LoneElement&) = delete;
  LoneElement& operator=(const LoneElement&) = delete;

  GstElement* get() const { return element_; }

  void set(const char* name, const char* value) const;
  /// Of a property; "" for NULL.
  std::string text(const char* name) const;
  /// Of all properties of its own that can be read and set, but for the URI.
  std::map<std::string, std::string> all() const;
  /// By handler and property, which have to agree; "(NULL)" if there is none.
  std::string uri() const;
  /// An error's text, empty if there is none.
  std::string setUri(const std::string& uri, int expectedCode = GST_URI_ERROR_BAD_URI) const;
  /// The text of the only error that a start ends with, which is one of settings.
  std::string startError() const;

 private:
  GstElement* element_;
};

}  // namespace kvsarchive::test
