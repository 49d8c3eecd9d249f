// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/config_section.h"

#include "aws/credentials.h"

namespace kvsarchive::aws {

ConfigSection::~ConfigSection() {
  for (auto& [name, value] : values) {
    wipe(value);
  }
  for (auto& [name, block] : nested) {
    for (auto& [key, value] : block) {
      wipe(value);
    }
  }
}

const std::string& ConfigSection::get(const std::string& name) const {
  static const std::string none;
  const auto found = values.find(name);
  return found == values.end() ? none : found->second;
}

void ConfigSection::merge(const ConfigSection& other) {
  for (const auto& [name, value] : other.values) {
    std::string& mine = values[name];
    wipe(mine);
    mine = value;
  }
  for (const auto& [name, block] : other.nested) {
    for (const auto& [key, value] : block) {
      nested[name][key] = value;
    }
  }
  hasCredentialsFileKeys = hasCredentialsFileKeys || other.hasCredentialsFileKeys;
}

}  // namespace kvsarchive::aws
