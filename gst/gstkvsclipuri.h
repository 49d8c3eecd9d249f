// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "gstkvsclipsettings.h"
#include "gstkvsurihandler.h"

// kvsclip://

/// Sets all that a URI can say, what it lacks to its default, and unsets the ARN. Nothing is
/// changed on an error. Empty: a URI that says nothing. Errors: kSettings.
kvsarchive::Status gst_kvs_clip_uri_to_settings(const std::string& uri,
                                                GstKvsClipSettings* settings);

/// As gst_kvs_uri_write().
std::string gst_kvs_clip_uri_from_settings(GstKvsClipSettings* settings);

/// Of kvsclipsrc.
extern const GstKvsUriProtocols gst_kvs_clip_uri_protocols;
