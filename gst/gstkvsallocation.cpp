// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsallocation.h"

static GstPadProbeReturn drop_allocation_query(GstPad*, GstPadProbeInfo* info, gpointer) {
  const GstQuery* query = GST_PAD_PROBE_INFO_QUERY(info);
  return GST_QUERY_TYPE(query) == GST_QUERY_ALLOCATION ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

static GQuark probe_quark() {
  static const GQuark quark = g_quark_from_static_string("gst-kvs-allocation-probe");
  return quark;
}

static GstBaseSrcClass* base_src_class() {
  return static_cast<GstBaseSrcClass*>(g_type_class_peek(GST_TYPE_BASE_SRC));
}

/// Behind it basesrc sends the query, and then calls decide_allocation(), whatever came of it.
static gboolean negotiate(GstBaseSrc* src) {
  if (!base_src_class()->negotiate(src)) {
    return FALSE;
  }
  const gulong probe = gst_pad_add_probe(GST_BASE_SRC_PAD(src), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM,
                                         drop_allocation_query, nullptr, nullptr);
  g_object_set_qdata(G_OBJECT(src), probe_quark(), GSIZE_TO_POINTER(probe));
  return TRUE;
}

/// Not for longer: a pad with a probe asks it about every buffer.
static gboolean decide_allocation(GstBaseSrc* src, GstQuery* query) {
  if (const gulong probe = GPOINTER_TO_SIZE(g_object_steal_qdata(G_OBJECT(src), probe_quark()))) {
    gst_pad_remove_probe(GST_BASE_SRC_PAD(src), probe);
  }
  return base_src_class()->decide_allocation(src, query);
}

void gst_kvs_base_src_class_ask_for_no_memory(GstBaseSrcClass* klass) {
  klass->negotiate = negotiate;
  klass->decide_allocation = decide_allocation;
}
