// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config.h"
#include "gstkvsarchivesrc.h"
#include "gstkvsclipsrc.h"
#include "gstkvslog.h"
#include "gstkvssessionsrc.h"

static gboolean plugin_init(GstPlugin* plugin) {
  gst_kvs_log_init();
  return GST_ELEMENT_REGISTER(kvsarchivesrc, plugin) && GST_ELEMENT_REGISTER(kvsclipsrc, plugin) &&
         GST_ELEMENT_REGISTER(kvssessionsrc, plugin);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, kvsarchive,
                  "Reads recorded media out of Amazon Kinesis Video Streams", plugin_init, VERSION,
                  "LGPL", GST_PACKAGE_NAME, GST_PACKAGE_ORIGIN)
