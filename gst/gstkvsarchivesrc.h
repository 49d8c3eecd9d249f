// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_KVS_ARCHIVE_SRC (gst_kvs_archive_src_get_type())
G_DECLARE_FINAL_TYPE(GstKvsArchiveSrc, gst_kvs_archive_src, GST, KVS_ARCHIVE_SRC, GstPushSrc)

GST_ELEMENT_REGISTER_DECLARE(kvsarchivesrc)

G_END_DECLS
