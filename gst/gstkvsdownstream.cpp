// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsdownstream.h"

#include <cstring>

namespace {

bool keeps_what_comes(GstElement* element) {
  const gchar* klass = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
  return klass != nullptr && std::strstr(klass, "Sink") != nullptr &&
         (std::strstr(klass, "File") != nullptr || std::strstr(klass, "Network") != nullptr);
}

/// Of the way on from a sink pad, which is through a bin for its ghost pads.
struct Ways {
  guint count = 0;
  bool allToFiles = true;
};

void follow(const GValue* item, gpointer data) {
  auto* ways = static_cast<Ways*>(data);
  ++ways->count;
  ways->allToFiles =
      ways->allToFiles && gst_kvs_pad_leads_to_files(GST_PAD(g_value_get_object(item)));
}

bool goes_on_to_files(GstPad* sink) {
  GstIterator* links = gst_pad_iterate_internal_links(sink);
  if (links == nullptr) {
    return false;
  }
  Ways ways;
  while (gst_iterator_foreach(links, follow, &ways) == GST_ITERATOR_RESYNC) {
    ways = Ways();
    gst_iterator_resync(links);
  }
  gst_iterator_free(links);
  return ways.count > 0 && ways.allToFiles;
}

}  // namespace

bool gst_kvs_pad_leads_to_files(GstPad* src) {
  GstPad* peer = gst_pad_get_peer(src);
  if (peer == nullptr) {
    return false;
  }
  GstElement* element = gst_pad_get_parent_element(peer);
  const bool leads = (element != nullptr && keeps_what_comes(element)) || goes_on_to_files(peer);
  gst_clear_object(&element);
  gst_object_unref(peer);
  return leads;
}
