// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "base/result.h"

namespace kvsarchive::aws {

/// One section of AWS's files.
struct ConfigSection {
  /// Names in lower case. Values may be secrets.
  std::map<std::string, std::string> values;
  /// Indented blocks: nested["kinesis_video"]["endpoint_url"].
  std::map<std::string, std::map<std::string, std::string>> nested;
  /// aws_access_key_id or aws_secret_access_key came from the credentials file. They go before
  /// credential_process then, else behind it.
  bool hasCredentialsFileKeys = false;

  /// Empty when it is not there.
  const std::string& get(const std::string& name) const;
};

/// The AWS config file and the shared credentials file, read once. Secrets are wiped when it goes.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
class SharedConfig {
 public:
  /// Reads AWS_CONFIG_FILE (~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials). A
  /// file that does not exist has nothing in it.
  /// Errors: kSettings for what can't be read or is no such file, with file and line, never with
  /// its text.
  static Result<SharedConfig> load();

  SharedConfig(SharedConfig&&) = default;
  SharedConfig& operator=(SharedConfig&&) = delete;
  ~SharedConfig();

  // Null when there is none of that name.
  const ConfigSection* profile(const std::string& name) const;  ///< of both files, merged
  const ConfigSection* ssoSession(const std::string& name) const;
  const ConfigSection* services(const std::string& name) const;

 private:
  SharedConfig() = default;

  using Sections = std::map<std::string, ConfigSection>;
  Sections profiles_;
  Sections ssoSessions_;
  Sections services_;
};

}  // namespace kvsarchive::aws
