// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "gstkvsarchivesettings.h"
#include "gstkvsurihandler.h"

// kvs://

/// Sets all that a URI can say, what it lacks to its default, and unsets the ARN. Nothing is
/// changed on an error. Empty: a URI that says nothing. Errors: kSettings.
kvsarchive::Status gst_kvs_archive_uri_to_settings(const std::string& uri,
                                                   GstKvsArchiveSettings* settings);

/// As gst_kvs_uri_write().
std::string gst_kvs_archive_uri_from_settings(GstKvsArchiveSettings* settings);

/// Of kvsarchivesrc.
extern const GstKvsUriProtocols gst_kvs_archive_uri_protocols;
