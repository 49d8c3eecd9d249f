// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/ca_file.h"

#include <filesystem>
#include <fstream>

#include "aws/home_path.h"
#include "aws/setting.h"
#include "base/text.h"

namespace kvsarchive::aws {

Result<std::string> findCaFile(const std::string& property, const ConfigSection& profile) {
  const Setting setting = property.empty() ? findSetting("AWS_CA_BUNDLE", profile, "ca_bundle")
                                           : Setting{property, "ssl-ca-file"};
  if (setting.value.empty()) {
    return std::string();
  }
  std::string path = expandHome(setting.value);
  // To open a pipe would wait, and what is read of it here libcurl would not get.
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored) ||
      std::ifstream(path).peek() == std::ifstream::traits_type::eof()) {
    return makeError(ErrorKind::kSettings, setting.source + ": " + kvsarchive::quoted(path) +
                                               " can't be read, is empty, or is no file");
  }
  return path;
}

}  // namespace kvsarchive::aws
