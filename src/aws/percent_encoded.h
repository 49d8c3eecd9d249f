// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace kvsarchive::aws {

/// The text as a value in a query or a form: all but letters, digits and -._~ as %XX. Its copies
/// are wiped, for it may be a token.
std::string percentEncoded(std::string_view text);

}  // namespace kvsarchive::aws
