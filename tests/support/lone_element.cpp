// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/lone_element.h"

#include <gtest/gtest.h>

namespace kvsarchive::test {

LoneElement::LoneElement(const char* factory)
    : element_(GST_ELEMENT(gst_object_ref_sink(gst_element_factory_make(factory, nullptr)))) {}

LoneElement::~LoneElement() {
  gst_element_set_state(element_, GST_STATE_NULL);
  gst_object_unref(element_);
}

void LoneElement::set(const char* name, const char* value) const {
  gst_util_set_object_arg(G_OBJECT(element_), name, value);
}

std::string LoneElement::text(const char* name) const {
  GValue value = G_VALUE_INIT;
  g_object_get_property(G_OBJECT(element_), name, &value);
  g_autofree gchar* text =
      G_VALUE_HOLDS_STRING(&value) ? g_value_dup_string(&value) : gst_value_serialize(&value);
  g_value_unset(&value);
  return text != nullptr ? text : "";
}

std::map<std::string, std::string> LoneElement::all() const {
  std::map<std::string, std::string> texts;
  guint count = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(element_), &count);
  for (guint i = 0; i < count; ++i) {
    const std::string name = specs[i]->name;
    if (specs[i]->owner_type == G_OBJECT_TYPE(element_) &&
        (specs[i]->flags & G_PARAM_READWRITE) == G_PARAM_READWRITE && name != "uri") {
      texts[name] = text(name.c_str());
    }
  }
  return texts;
}

std::string LoneElement::uri() const {
  g_autofree gchar* byHandler = gst_uri_handler_get_uri(GST_URI_HANDLER(element_));
  g_autofree gchar* byProperty = nullptr;
  g_object_get(element_, "uri", &byProperty, nullptr);
  EXPECT_STREQ(byHandler, byProperty);
  return byProperty != nullptr ? byProperty : "(NULL)";
}

std::string LoneElement::setUri(const std::string& uri, int expectedCode) const {
  g_autoptr(GError) error = nullptr;
  const gboolean done = gst_uri_handler_set_uri(GST_URI_HANDLER(element_), uri.c_str(), &error);
  EXPECT_EQ(done == FALSE, error != nullptr) << uri;
  if (error != nullptr) {
    EXPECT_EQ(error->domain, GST_URI_ERROR) << uri;
    EXPECT_EQ(error->code, expectedCode) << uri;
  }
  return error != nullptr ? error->message : "";
}

std::string LoneElement::startError() const {
  GstBus* bus = gst_bus_new();
  gst_element_set_bus(element_, bus);
  EXPECT_EQ(gst_element_set_state(element_, GST_STATE_PAUSED), GST_STATE_CHANGE_FAILURE);
  std::string text;
  while (GstMessage* message = gst_bus_pop_filtered(bus, GST_MESSAGE_ERROR)) {
    g_autoptr(GError) error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    EXPECT_EQ(error->domain, GST_RESOURCE_ERROR);
    EXPECT_EQ(error->code, GST_RESOURCE_ERROR_SETTINGS);
    EXPECT_EQ(text, "");
    text = error->message;
    gst_message_unref(message);
  }
  gst_element_set_state(element_, GST_STATE_NULL);
  gst_element_set_bus(element_, nullptr);
  gst_object_unref(bus);
  return text;
}

}  // namespace kvsarchive::test
