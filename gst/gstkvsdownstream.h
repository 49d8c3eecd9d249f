// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

/// Whether all that comes out of a pad goes to sinks that write files or send it away, as far as it
/// is linked by now, so that nothing can ever seek in it. For a pad whose element begins to run.
bool gst_kvs_pad_leads_to_files(GstPad* src);
