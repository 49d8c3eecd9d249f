// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/base/gstpushsrc.h>

G_BEGIN_DECLS

#define GST_TYPE_KVS_SESSION_SRC (gst_kvs_session_src_get_type())
G_DECLARE_FINAL_TYPE(GstKvsSessionSrc, gst_kvs_session_src, GST, KVS_SESSION_SRC, GstPushSrc)

GST_ELEMENT_REGISTER_DECLARE(kvssessionsrc)

G_END_DECLS
