// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsurihandler.h"

#include <algorithm>

namespace {

GstURIType get_type(GType) { return GST_URI_SRC; }

GQuark protocols_quark() { return g_quark_from_static_string("gst-kvs-uri-protocols"); }

const GstKvsUriProtocols& protocols_of(GType type) {
  return *static_cast<const GstKvsUriProtocols*>(g_type_get_qdata(type, protocols_quark()));
}

const gchar* const* get_protocols(GType type) { return protocols_of(type).names; }

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
                        "a URI can only be set in NULL or READY: stop the element first");
    return FALSE;
  }
  const auto good = protocols_of(G_OBJECT_TYPE(handler)).check(uri);
  if (!good) {
    g_set_error_literal(error, GST_URI_ERROR, GST_URI_ERROR_BAD_URI, good.error().message.c_str());
    return FALSE;
  }
  g_object_set(handler, "uri", uri, nullptr);
  return TRUE;
}

void init_interface(gpointer iface, gpointer) {
  auto* handler = static_cast<GstURIHandlerInterface*>(iface);
  handler->get_type = get_type;
  handler->get_protocols = get_protocols;
  handler->get_uri = get_uri;
  handler->set_uri = set_uri;
}

}  // namespace

void gst_kvs_uri_handler_add(GType type, const GstKvsUriProtocols* protocols) {
  static const GInterfaceInfo info = {init_interface, nullptr, nullptr};
  g_type_set_qdata(type, protocols_quark(), const_cast<GstKvsUriProtocols*>(protocols));
  g_type_add_interface_static(type, GST_TYPE_URI_HANDLER, &info);
}
