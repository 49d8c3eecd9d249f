// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/json_document.h"
#include "base/result.h"
#include "kvs/fragment_page.h"
#include "kvs/session_request.h"

namespace kvsarchive::kvs {

// Contents of successful answers. Members that are not known are ignored.
// Errors: kDecode, naming the member that is wrong.

Result<std::string> decodeDataEndpoint(const JsonObjectView& root);

/// Also refuses what is no fragment number.
Result<FragmentPage> decodeFragmentPage(const JsonObjectView& root);

/// The URL of a session, which is a secret.
Result<std::string> decodeSessionUrl(const JsonObjectView& root, SessionProtocol protocol);

}  // namespace kvsarchive::kvs
