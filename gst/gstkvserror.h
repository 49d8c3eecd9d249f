// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "base/error.h"

/// Posts an Error as the element's error message: one table maps its kind to domain and code, the
/// text says what to do, the debug text which request failed, and the details carry
/// http-status-code (uint), aws-error-code, aws-request-id, operation, stream, last-fragment-number
/// (strings) and last-fragment-timestamp (uint64, ns since 1970), each only if known. Never called
/// for kCancelled. Takes the object lock: hold no lock.
void gst_kvs_error_post(GstElement* element, const kvsarchive::Error& error);
