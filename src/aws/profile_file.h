// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/config_section.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// What one of AWS's files says, by name of section.
struct ProfileFile {
  enum class Kind {
    kConfig,  ///< [default], [profile X], [sso-session X], [services X]; others are passed over
    kCredentials,  ///< [X]: all are profiles
  };
  using Sections = std::map<std::string, ConfigSection>;

  Sections profiles;
  Sections ssoSessions;
  Sections services;
};

/// Reads the text of such a file. Sections of the same name become one, in which what comes last
/// wins; but where there is a [profile default], a [default] does not count. '#' and ';' begin a
/// comment at the beginning of a line or behind a blank. A line that is indented more than the key
/// above it belongs to that key: to its block where the key has no value of its own, else to its
/// value, as a further line. Names in section headers may be in quotes, as in a shell.
/// Errors: kSettings with the number of the line, never with its text.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
Result<ProfileFile> parseProfileFile(std::string_view text, ProfileFile::Kind kind);

}  // namespace kvsarchive::aws
