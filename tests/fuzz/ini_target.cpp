// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>

#include <algorithm>

#include "aws/profile_file.h"
#include "checks.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

using aws::ProfileFile;

void write(const ProfileFile::Sections& sections, const char* kind, std::string* text) {
  for (const auto& [name, section] : sections) {
    if (kind == nullptr) {
      text->append("[").append(name).append("]\n");
    } else {
      char* const word = g_shell_quote(name.c_str());
      text->append("[").append(kind).append(" ").append(word).append("]\n");
      g_free(word);
    }
    for (const auto& [key, block] : section.nested) {
      text->append(key).append("=\n");
      for (const auto& [inner, value] : block) {
        text->append(" ").append(inner).append("=").append(value).append("\n");
      }
    }
    for (const auto& [key, value] : section.values) {
      text->append(key).append("=");
      for (const char c : value) {
        text->append(c == '\n' ? "\n " : std::string(1, c));
      }
      text->append("\n");
    }
  }
}

std::string write(const ProfileFile& file, ProfileFile::Kind kind) {
  const bool isConfig = kind == ProfileFile::Kind::kConfig;
  std::string text;
  write(file.profiles, isConfig ? "profile" : nullptr, &text);
  write(file.ssoSessions, "sso-session", &text);
  write(file.services, "services", &text);
  return text;
}

bool isName(const std::string& name) {
  return !name.empty() && name.find('\n') == std::string::npos &&
         std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void checkKeys(const ProfileFile::Sections& sections, Checks* checks) {
  for (const auto& [name, section] : sections) {
    checks->require(!name.empty(), "a section without a name");
    for (const auto& [key, value] : section.values) {
      checks->require(isName(key), "a key that is none");
    }
    for (const auto& [key, block] : section.nested) {
      for (const auto& [inner, value] : block) {
        checks->require(isName(inner), "a key of a block that is none");
        checks->require(value.find('\n') == std::string::npos, "lines in a block's value");
      }
    }
  }
}

void check(std::string_view input, ProfileFile::Kind kind, Checks* checks) {
  const auto file = aws::parseProfileFile(input, kind);
  if (!file) {
    checks->require(file.error().kind == ErrorKind::kSettings, "an error of another kind");
    checks->requireClear(file.error());
    return;
  }
  for (const auto* sections : {&file->profiles, &file->ssoSessions, &file->services}) {
    checkKeys(*sections, checks);
  }
  const std::string text = write(*file, kind);
  const auto again = aws::parseProfileFile(text, kind);
  checks->require(again && write(*again, kind) == text,
                  "a file changes when it is read, written and read again");
}

}  // namespace

std::string ini(std::string_view input) {
  Checks checks;
  check(input, ProfileFile::Kind::kConfig, &checks);
  check(input, ProfileFile::Kind::kCredentials, &checks);
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
