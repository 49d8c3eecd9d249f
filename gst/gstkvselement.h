// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "base/guarded.h"
#include "base/result.h"
#include "gstkvserror.h"
#include "gstkvssettings.h"
#include "kvs/connection.h"

// What all elements do with their settings, structs with a member `connection`. None of the locks
// is held while GStreamer is called.

/// The stream as the user named it, fit for a message.
std::string gst_kvs_element_stream_text(const kvsarchive::kvs::ConnectionSettings& settings);

/// Warns if new keys can't be used.
void gst_kvs_element_tell_renewal(GstElement* element, const kvsarchive::Status& renewed);

/// Stores a property with `Set`, and gives new keys to what runs: a `run` with renewKeys().
template <auto Set, typename Settings, typename Run>
void gst_kvs_element_set_property(GstElement* element, kvsarchive::Guarded<Settings>& stored,
                                  Run& run, guint id, const GValue* value, GParamSpec* pspec) {
  kvsarchive::Status renewed;
  {
    auto settings = stored.lock();
    if (!Set(&*settings, id, value)) {
      G_OBJECT_WARN_INVALID_PROPERTY_ID(element, id, pspec);
    } else if (id == GST_KVS_PROP_CREDENTIALS) {
      renewed = run.renewKeys(settings->connection);
    }
  }
  gst_kvs_element_tell_renewal(element, renewed);
}

/// Posts an error, which names the stream in any case.
template <typename Settings>
void gst_kvs_element_post_error(GstElement* element, kvsarchive::Guarded<Settings>& stored,
                                kvsarchive::Error error) {
  if (error.stream.empty()) {
    error.stream = gst_kvs_element_stream_text(stored.lock()->connection);
  }
  gst_kvs_error_post(element, error);
}
