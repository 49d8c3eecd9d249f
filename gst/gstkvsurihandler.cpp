// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsurihandler.h"

#include <algorithm>

#include "gstkvsuri.h"

namespace {

GstURIType get_type(GType) { return GST_URI_SRC; }

const gchar* const* get_protocols(GType) {
  static const gchar* const protocols[] = {"kvs", nullptr};
  return protocols;
}

gchar* get_uri(GstURIHandler* handler) {
  gchar* uri = nullptr;
  g_object_get(handler, "uri", &uri, nullptr);
  return uri;
}

bool is_stopped(GstElement* element) {
  GST_OBJECT_LOCK(element);
  const GstState state = std::max(GST_STATE(element), GST_STATE_NEXT(element));
  GST_OBJECT_UNLOCK(element);
  return state <= GST_STATE_READY;
}

gboolean set_uri(GstURIHandler* handler, const gchar* uri, GError** error) {
  if (!is_stopped(GST_ELEMENT(handler))) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_STATE,
                        "a kvs:// URI can only be set in NULL or READY: stop the element first");
    return FALSE;
  }
  GstKvsArchiveSettings scratch;
  const auto parsed = gst_kvs_uri_to_settings(uri, &scratch);
  if (!parsed) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_URI,
                        parsed.error().message.c_str());
    return FALSE;
  }
  g_object_set(handler, "uri", uri, nullptr);
  return TRUE;
}

}  // namespace

void gst_kvs_uri_handler_init(gpointer iface, gpointer) {
  auto* handler = static_cast<GstURIHandlerInterface*>(iface);
  handler->get_type = get_type;
  handler->get_protocols = get_protocols;
  handler->get_uri = get_uri;
  handler->set_uri = set_uri;
}
