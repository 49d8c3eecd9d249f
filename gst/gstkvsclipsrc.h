// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstbasesrc.h>

G_BEGIN_DECLS

#define GST_TYPE_KVS_CLIP_SRC (gst_kvs_clip_src_get_type())
G_DECLARE_FINAL_TYPE(GstKvsClipSrc, gst_kvs_clip_src, GST, KVS_CLIP_SRC, GstBaseSrc)

GST_ELEMENT_REGISTER_DECLARE(kvsclipsrc)

G_END_DECLS
