// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "http/curl_handles.h"
#include "http/curl_transport.h"
#include "http/message.h"

namespace kvsarchive::http {

/// The header lines libcurl is to send besides those it makes itself.
Slist makeHeaderList(const Request& request);

/// Sets all that does not depend on who receives the answer: what is sent, time-outs, TLS, and the
/// limits on what libcurl does by itself. `request` and `headers` must outlive the transfer.
/// Returns libcurl's CURLcode, 0 = done.
int setUpRequest(void* easy, const Request& request, const CurlOptions& options,
                 curl_slist* headers);

}  // namespace kvsarchive::http
