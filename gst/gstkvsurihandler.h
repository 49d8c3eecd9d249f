// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

/// Makes an element with a property `uri` the GstURIHandler of kvs://. Errors of setting one:
/// BAD_STATE unless in NULL or READY, BAD_URI as gst_kvs_uri_to_settings() has it.
void gst_kvs_uri_handler_init(gpointer iface, gpointer data);
