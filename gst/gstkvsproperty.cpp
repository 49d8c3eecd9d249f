// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsproperty.h"

void gst_kvs_install_enum(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                          const char* type_name, const GEnumValue* values, int default_value) {
  GType type = g_type_from_name(type_name);
  if (type == G_TYPE_INVALID) {
    type = g_enum_register_static(type_name, values);
  }
  g_object_class_install_property(klass, id,
                                  g_param_spec_enum(text.name, text.nick, text.blurb, type,
                                                    default_value, GST_KVS_PARAM_READWRITE));
}

void gst_kvs_install_boolean(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                             bool default_value) {
  g_object_class_install_property(
      klass, id,
      g_param_spec_boolean(text.name, text.nick, text.blurb, default_value ? TRUE : FALSE,
                           GST_KVS_PARAM_READWRITE));
}

void gst_kvs_install_string(GObjectClass* klass, guint id, const GstKvsPropertyText& text,
                            const char* default_value) {
  g_object_class_install_property(klass, id,
                                  g_param_spec_string(text.name, text.nick, text.blurb,
                                                      default_value, GST_KVS_PARAM_READWRITE));
}

std::string gst_kvs_string_from_value(const GValue* value) {
  const gchar* text = g_value_get_string(value);
  return text != nullptr ? text : "";
}

void gst_kvs_string_to_value(const std::string& text, GValue* value) {
  g_value_set_string(value, text.empty() ? nullptr : text.c_str());
}
