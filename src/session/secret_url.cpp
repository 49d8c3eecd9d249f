// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/secret_url.h"

#include <algorithm>
#include <string_view>

#include "aws/redacted.h"

namespace kvsarchive::session {
namespace {

constexpr size_t kShortestSecret = 8;  // of the values in a query; others are numbers and words

}  // namespace

std::string SecretUrl::redacted(const std::string& text) const {
  std::string shown = aws::redacted(text, {});
  std::string_view rest(text_);
  rest.remove_prefix(std::min(rest.find('?'), rest.size()));
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view pair = rest.substr(0, rest.find('&'));
    const std::string_view value = pair.substr(std::min(pair.find('=') + 1, pair.size()));
    if (value.size() >= kShortestSecret) {
      shown = aws::redacted(shown, {value});
    }
    rest.remove_prefix(pair.size());
  }
  return shown;
}

}  // namespace kvsarchive::session
