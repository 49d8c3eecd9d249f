// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "kvs/connection.h"

// protocol://region/stream?key=value&... and protocol:///stream?..., for the region that nothing in
// the URI names. A URI may come from anybody, so it says what to read and never where to send
// credentials: docs/elements.md has the keys, and no others exist.

/// A key of a URI's query.
struct GstKvsUriKey {
  const char* name;
  guint property;        ///< that it sets
  const char* type;      ///< name of the property's; enums are registered with the class
  guint64 greatest = 0;  ///< of numbers
};

/// The URIs of one protocol.
struct GstKvsUriForm {
  const char* protocol;  ///< "kvs"
  const char* example;   ///< a query, for messages
  std::vector<GstKvsUriKey> keys;
};

/// The settings of an element, as far as a URI says them.
class GstKvsUriSettings {
 public:
  virtual ~GstKvsUriSettings() = default;
  virtual kvsarchive::kvs::ConnectionSettings& connection() = 0;
  virtual void get(guint property, GValue* value) = 0;
  virtual void set(guint property, const GValue* value) = 0;
};

/// Sets what a URI says in settings that are as the element has them at first. Errors: kSettings;
/// then they are of no more use.
kvsarchive::Status gst_kvs_uri_read(const GstKvsUriForm& form, const std::string& uri,
                                    GstKvsUriSettings& fresh);

/// Sets all that a URI can say, and unsets the ARN.
void gst_kvs_uri_copy(const GstKvsUriForm& form, GstKvsUriSettings& from, GstKvsUriSettings& to);

/// The shortest URI that says what is set. Empty where no good URI does: no stream name, an ARN, or
/// a value that can't be right. `fresh` is used up.
std::string gst_kvs_uri_write(const GstKvsUriForm& form, GstKvsUriSettings& settings,
                              GstKvsUriSettings& fresh);

/// All of that for a struct with a member `connection` and these functions for its properties.
template <typename Settings, gboolean (*Get)(Settings*, guint, GValue*),
          gboolean (*Set)(Settings*, guint, const GValue*)>
class GstKvsUriSettingsOf : public GstKvsUriSettings {
 public:
  /// Sets all that a URI can say, what it lacks to its default, and unsets the ARN. Nothing is
  /// changed on an error. Empty: a URI that says nothing. Errors: kSettings.
  static kvsarchive::Status fromUri(const GstKvsUriForm& form, const std::string& uri,
                                    Settings* settings) {
    Settings fresh;
    GstKvsUriSettingsOf from(&fresh);
    const auto read = uri.empty() ? kvsarchive::Status() : gst_kvs_uri_read(form, uri, from);
    if (read) {
      GstKvsUriSettingsOf to(settings);
      gst_kvs_uri_copy(form, from, to);
    }
    return read;
  }

  /// As gst_kvs_uri_write().
  static std::string toUri(const GstKvsUriForm& form, Settings* settings) {
    Settings defaults;
    GstKvsUriSettingsOf from(settings);
    GstKvsUriSettingsOf fresh(&defaults);
    return gst_kvs_uri_write(form, from, fresh);
  }

  kvsarchive::kvs::ConnectionSettings& connection() override { return settings_->connection; }
  void get(guint property, GValue* value) override { Get(settings_, property, value); }
  void set(guint property, const GValue* value) override { Set(settings_, property, value); }

 private:
  explicit GstKvsUriSettingsOf(Settings* settings) : settings_(settings) {}

  Settings* const settings_;
};
