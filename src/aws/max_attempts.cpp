// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/max_attempts.h"

#include <charconv>
#include <system_error>

#include "aws/setting.h"
#include "base/text.h"

namespace kvsarchive::aws {

Result<std::optional<int>> findMaxAttempts(const ConfigSection& profile) {
  const Setting setting = findSetting("AWS_MAX_ATTEMPTS", profile, "max_attempts");
  if (setting.value.empty()) {
    return std::optional<int>();
  }
  int attempts = 0;
  const char* const end = setting.value.data() + setting.value.size();
  const auto parsed = std::from_chars(setting.value.data(), end, attempts);
  if (parsed.ec != std::errc() || parsed.ptr != end || attempts < 1) {
    return makeError(ErrorKind::kSettings, setting.source + ": " + quoted(setting.value) +
                                               " is not a whole number of 1 or more");
  }
  return std::optional<int>(attempts);
}

}  // namespace kvsarchive::aws
