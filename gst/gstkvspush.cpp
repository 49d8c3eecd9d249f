// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvspush.h"

#include <utility>
#include <variant>

#include "base/cancel_token.h"
#include "gstkvsbuffer.h"
#include "gstkvsdownstream.h"

namespace archive = kvsarchive::archive;

/// What a list has at most, so that queues can keep to their limits.
static constexpr guint kMaxBlocks = 64;
static constexpr gsize kMaxBytes = gsize{256} << 10;

/// Whether lists do not change what others see of the pad: probes for buffers do not see those in
/// lists, and num-buffers counts what create() returns.
static bool may_push_lists(GstBaseSrc* src) {
  return src->num_buffers_left < 0 && !gst_kvs_pad_is_probed(GST_BASE_SRC_PAD(src));
}

GstFlowReturn gst_kvs_push_ahead(GstBaseSrc* src, archive::ArchiveReader& reader,
                                 GstBuffer** buffer) {
  if (!reader.hasBlock() || !may_push_lists(src)) {
    return GST_FLOW_OK;
  }
  GstBufferList* list = gst_buffer_list_new_sized(kMaxBlocks);
  gsize bytes = 0;
  while (reader.hasBlock() && bytes < kMaxBytes && gst_buffer_list_length(list) < kMaxBlocks) {
    bytes += gst_buffer_get_size(*buffer);
    gst_buffer_list_add(list, *buffer);
    auto output = reader.next(kvsarchive::CancelToken());
    *buffer = gst_kvs_buffer_new_block(std::move(std::get<archive::MediaBlock>(*output)));
  }
  const GstFlowReturn flow = gst_pad_push_list(GST_BASE_SRC_PAD(src), list);
  if (flow != GST_FLOW_OK) {
    gst_clear_buffer(buffer);
  }
  return flow;
}
