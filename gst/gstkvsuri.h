// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "gstkvsarchivesettings.h"

// kvs://region/stream?key=value&... and kvs:///stream?..., for the region that nothing in the URI
// names. A URI may come from anybody, so it says what to read and never where to send credentials:
// docs/elements.md has its keys, and no others exist.

/// Sets all that a URI can say, what it lacks to its default, and unsets the ARN. Nothing is
/// changed on an error. Empty: a URI that says nothing. Errors: kSettings.
kvsarchive::Status gst_kvs_uri_to_settings(const std::string& uri, GstKvsArchiveSettings* settings);

/// The shortest URI that says what is set. Empty where no good URI does: no stream name, an ARN, or
/// a value that can't be right.
std::string gst_kvs_uri_from_settings(GstKvsArchiveSettings* settings);
