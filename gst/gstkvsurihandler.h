// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "base/result.h"

/// The URIs that an element with a property `uri` handles.
struct GstKvsUriProtocols {
  const gchar* const* names;                            ///< up to a NULL
  kvsarchive::Status (*check)(const std::string& uri);  ///< why one can't be used
};

/// Makes elements of the type the GstURIHandler of these protocols. Errors of setting a URI:
/// BAD_STATE unless in NULL or READY, BAD_URI as check() has it. `protocols` must live for ever.
void gst_kvs_uri_handler_add(GType type, const GstKvsUriProtocols* protocols);
