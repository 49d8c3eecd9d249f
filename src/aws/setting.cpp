// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/setting.h"

#include <glib.h>

#include "aws/environment.h"
#include "base/text.h"

namespace kvsarchive::aws {

Setting findSetting(const char* variable, const ConfigSection& profile, const char* key) {
  std::string value = environmentVariable(variable);
  if (!value.empty()) {
    return {std::move(value), variable};
  }
  return {profile.get(key), std::string(key) + " in the AWS profile"};
}

Result<std::optional<bool>> findFlag(const char* variable, const ConfigSection& profile,
                                     const char* key) {
  const Setting setting = findSetting(variable, profile, key);
  if (setting.value.empty()) {
    return std::optional<bool>();
  }
  for (const bool flag : {false, true}) {
    if (g_ascii_strcasecmp(setting.value.c_str(), flag ? "true" : "false") == 0) {
      return std::optional<bool>(flag);
    }
  }
  return makeError(ErrorKind::kSettings,
                   setting.source + ": " + quoted(setting.value) + " is neither true nor false");
}

}  // namespace kvsarchive::aws
