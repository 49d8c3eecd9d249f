// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

namespace kvsarchive::aws {

/// One section of AWS's files. Its values may be secrets and are wiped when it goes.
struct ConfigSection {
  ConfigSection() = default;
  ConfigSection(const ConfigSection&) = default;
  ConfigSection(ConfigSection&&) = default;
  ConfigSection& operator=(const ConfigSection&) = delete;
  ConfigSection& operator=(ConfigSection&&) = delete;
  ~ConfigSection();

  /// Names in lower case.
  std::map<std::string, std::string> values;
  /// Indented blocks, names in lower case: nested["kinesis_video"]["endpoint_url"].
  std::map<std::string, std::map<std::string, std::string>> nested;
  /// aws_access_key_id or aws_secret_access_key came from the credentials file. They go before
  /// credential_process then, else behind it.
  bool hasCredentialsFileKeys = false;

  /// Empty when it is not there.
  const std::string& get(const std::string& name) const;

  /// Takes over what `other` has, whose values win.
  void merge(const ConfigSection& other);
};

}  // namespace kvsarchive::aws
