// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/max_attempts.h"

#include <limits>

#include "aws/setting.h"
#include "base/text.h"

namespace kvsarchive::aws {

Result<std::optional<int>> findMaxAttempts(const ConfigSection& profile) {
  const Setting setting = findSetting("AWS_MAX_ATTEMPTS", profile, "max_attempts");
  if (setting.value.empty()) {
    return std::optional<int>();
  }
  const auto attempts = parseWhole(setting.value, 1, std::numeric_limits<int>::max());
  if (!attempts) {
    return makeError(ErrorKind::kSettings, setting.source + ": " + quoted(setting.value) +
                                               " is not a whole number of 1 or more");
  }
  return attempts;
}

}  // namespace kvsarchive::aws
