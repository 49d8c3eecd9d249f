// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/json_document.h"
#include "base/result.h"
#include "kvs/fragment_page.h"

namespace kvsarchive::kvs {

// Contents of successful answers. Members that are not known are ignored.
// Errors: kDecode, naming the member that is wrong.

Result<std::string> decodeDataEndpoint(const JsonObjectView& root);

/// Also refuses what is no fragment number.
Result<FragmentPage> decodeFragmentPage(const JsonObjectView& root);

}  // namespace kvsarchive::kvs
