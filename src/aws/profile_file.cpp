// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_file.h"

#include <glib.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "aws/credentials.h"
#include "base/c_ptr.h"

namespace kvsarchive::aws {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }
bool beginsComment(char c) { return c == '#' || c == ';'; }

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view withoutComment(std::string_view text) {
  for (size_t i = 1; i < text.size(); ++i) {
    if (beginsComment(text[i]) && isBlank(text[i - 1])) {
      return text.substr(0, i);
    }
  }
  return text;
}

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), g_ascii_tolower);
  return lower;
}

/// The bracket that closes a section header: the first with nothing but a comment behind it, since
/// names may have brackets, else the first.
size_t endOfHeader(std::string_view line) {
  for (size_t end = line.find(']'); end != std::string_view::npos; end = line.find(']', end + 1)) {
    const std::string_view rest = trimmed(line.substr(end + 1));
    if (rest.empty() || beginsComment(rest.front())) {
      return end;
    }
  }
  return line.find(']');
}

/// The two words of "profile X"; nothing for what is no such thing.
std::optional<std::pair<std::string, std::string>> twoWords(const std::string& header) {
  int count = 0;
  char** words = nullptr;
  if (!g_shell_parse_argv(header.c_str(), &count, &words, nullptr)) {
    return std::nullopt;
  }
  const CPtr<char*, g_strfreev> owner(words);
  if (count != 2 || *words[1] == '\0') {
    return std::nullopt;
  }
  return std::make_pair(std::string(words[0]), std::string(words[1]));
}

class Parser {
 public:
  explicit Parser(ProfileFile::Kind kind) : kind_(kind) {}

  /// What is wrong with the line; null if nothing is.
  const char* addLine(std::string_view line) {
    const std::string_view content = trimmed(line);
    if (content.empty() || beginsComment(content.front())) {
      return nullptr;
    }
    const size_t indent = line.find_first_not_of(kBlanks);
    if (value_ != nullptr && indent > indent_) {
      return addToValue(line);
    }
    indent_ = indent;
    value_ = nullptr;
    return content.front() == '[' ? openSection(content) : addValue(line);
  }

  ProfileFile finish() {
    if (default_) {
      file_.profiles.emplace("default", std::move(*default_));
    }
    return std::move(file_);
  }

 private:
  const char* openSection(std::string_view line) {
    const size_t end = endOfHeader(line);
    if (end == std::string_view::npos) {
      return "is a section header without ']'";
    }
    const std::string header(trimmed(line.substr(1, end - 1)));
    if (header.empty()) {
      return "is a section header without a name";
    }
    section_ = &sectionOf(header);
    return nullptr;
  }

  ConfigSection& sectionOf(const std::string& header) {
    if (kind_ == ProfileFile::Kind::kCredentials) {
      return file_.profiles[header];
    }
    if (header == "default") {
      return default_ ? *default_ : default_.emplace();
    }
    const std::pair<const char*, ProfileFile::Sections*> kinds[] = {
        {"profile", &file_.profiles},
        {"sso-session", &file_.ssoSessions},
        {"services", &file_.services}};
    if (const auto words = twoWords(header)) {
      for (const auto& [kind, sections] : kinds) {
        if (words->first == kind) {
          return (*sections)[words->second];
        }
      }
    }
    return passedOver_;
  }

  const char* addValue(std::string_view line) {
    if (section_ == nullptr) {
      return "stands before the first section";
    }
    // The AWS CLI takes a colon as well.
    const size_t end = line.find_first_of("=:");
    const std::string_view name = trimmed(line.substr(0, end));
    if (end == std::string_view::npos || name.empty()) {
      return "is neither a section header nor a key with a value";
    }
    name_ = lowerCase(name);
    value_ = &section_->values[name_];
    wipe(*value_);
    value_->assign(trimmed(withoutComment(line.substr(end + 1))));
    hasBlock_ = value_->empty();
    return nullptr;
  }

  const char* addToValue(std::string_view line) {
    if (!hasBlock_) {
      std::string longer;
      const std::string_view more = trimmed(withoutComment(line));
      longer.reserve(value_->size() + 1 + more.size());
      longer.append(*value_).append("\n").append(more);
      value_->swap(longer);
      wipe(longer);
      return nullptr;
    }
    const size_t end = line.find('=');
    const std::string_view name = trimmed(line.substr(0, end));
    if (end == std::string_view::npos || name.empty()) {
      return "is indented, but no key with a value of the block that it is in";
    }
    section_->nested[name_][lowerCase(name)] = trimmed(withoutComment(line.substr(end + 1)));
    return nullptr;
  }

  const ProfileFile::Kind kind_;
  ProfileFile file_;
  std::optional<ConfigSection> default_;  ///< [default] of the config file
  ConfigSection passedOver_;
  ConfigSection* section_ = nullptr;  ///< the lines are of this one; null before the first
  // The key that indented lines belong to.
  size_t indent_ = 0;
  std::string name_;
  std::string* value_ = nullptr;
  bool hasBlock_ = false;
};

}  // namespace

Result<ProfileFile> parseProfileFile(std::string_view text, ProfileFile::Kind kind) {
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  if (!text.empty() && !g_utf8_validate_len(text.data(), text.size(), nullptr)) {
    return makeError(ErrorKind::kSettings, "is not a text in UTF-8");
  }
  Parser parser(kind);
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (const char* const problem = parser.addLine(text.substr(0, end))) {
      return makeError(ErrorKind::kSettings, "line " + std::to_string(number) + " " + problem);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.finish();
}

}  // namespace kvsarchive::aws
