// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

// What the properties of all elements have in common.

constexpr auto GST_KVS_PARAM_READWRITE =
    static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
constexpr auto GST_KVS_PARAM_READABLE = static_cast<GParamFlags>(
    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_DOC_SHOW_DEFAULT);

/// What is said of a property.
struct GstKvsPropertyText {
  const char* name;
  const char* nick;
  const char* blurb;
};

/// Registers the type unless another element has. `values` must live for ever.
void gst_kvs_install_enum(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                          const char* type_name, const GEnumValue* values, int default_value);
void gst_kvs_install_boolean(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                             bool default_value);
void gst_kvs_install_string(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                            const char* default_value);

/// The string of a value; "" for NULL.
std::string gst_kvs_string_from_value(const GValue* value);
/// Sets a string value; "" becomes NULL.
void gst_kvs_string_to_value(const std::string& text, GValue* value);
