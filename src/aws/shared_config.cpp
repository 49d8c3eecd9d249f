// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/shared_config.h"

#include "aws/credentials.h"
#include "aws/environment.h"
#include "aws/home_path.h"
#include "base/small_file.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxSize = 1024 * 1024;

Result<ProfileFile> load(const char* variable, const char* usual, ProfileFile::Kind kind) {
  const std::string set = environmentVariable(variable);
  const std::string path = expandHome(set.empty() ? usual : set);
  auto text = readSmallFile(path, kMaxSize);
  if (!text) {
    if (text.error().kind == ErrorKind::kAbsent) {
      return ProfileFile();
    }
    return text.error();
  }
  auto file = parseProfileFile(*text, kind);
  wipe(*text);
  if (!file) {
    return makeError(ErrorKind::kSettings, quoted(path) + ": " + file.error().message);
  }
  return file;
}

const ConfigSection* find(const ProfileFile::Sections& sections, const std::string& name) {
  const auto found = sections.find(name);
  return found == sections.end() ? nullptr : &found->second;
}

}  // namespace

Result<SharedConfig> SharedConfig::load() {
  auto both = aws::load("AWS_CONFIG_FILE", "~/.aws/config", ProfileFile::Kind::kConfig);
  if (!both) {
    return both.error();
  }
  auto credentials = aws::load("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials",
                               ProfileFile::Kind::kCredentials);
  if (!credentials) {
    return credentials.error();
  }
  for (auto& [name, section] : credentials->profiles) {
    section.hasCredentialsFileKeys =
        !section.get("aws_access_key_id").empty() || !section.get("aws_secret_access_key").empty();
    both->profiles[name].merge(section);
  }
  return SharedConfig(std::move(*both));
}

const ConfigSection* SharedConfig::profile(const std::string& name) const {
  return find(both_.profiles, name);
}

const ConfigSection* SharedConfig::ssoSession(const std::string& name) const {
  return find(both_.ssoSessions, name);
}

const ConfigSection* SharedConfig::services(const std::string& name) const {
  return find(both_.services, name);
}

}  // namespace kvsarchive::aws
