// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::kvs {

/// Whether secrets may go to a URL that the service named: over https, or over plain http to this
/// machine and to the host that the user has set, if that is asked over http.
bool mayBeAsked(const std::string& url, const std::string& controlEndpoint);

}  // namespace kvsarchive::kvs
