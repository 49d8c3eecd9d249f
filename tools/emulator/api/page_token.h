// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kvsemulator {

/// An opaque NextToken that carries `fields`, which must not contain newlines.
/// Signed with a key of this process, so that made-up, changed and foreign
/// tokens are refused.
std::string makePageToken(const std::string& kind, const std::vector<std::string>& fields);

/// The fields of a token of that kind; none if it is not genuine.
std::optional<std::vector<std::string>> readPageToken(const std::string& token,
                                                      const std::string& kind);

}  // namespace kvsemulator
