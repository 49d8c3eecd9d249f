// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <algorithm>

#include "base/unix_time.h"

/// Nanoseconds since 1970, 0 for times before.
inline guint64 gst_kvs_nanoseconds(kvsarchive::UnixTime time) {
  return static_cast<guint64>(std::max<gint64>(kvsarchive::toMillis(time), 0)) * GST_MSECOND;
}
