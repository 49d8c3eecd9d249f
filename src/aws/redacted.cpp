// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/redacted.h"

#include <glib.h>

#include <algorithm>

#include "base/c_ptr.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxText = 500;
constexpr size_t kMaxCode = 100;
constexpr size_t kTelling = 12;  // characters of a secret that must not be shown

bool repeats(std::string_view text, std::string_view secret) {
  const size_t length = std::min(secret.size(), kTelling);
  for (size_t i = 0; length > 0 && i + length <= text.size(); ++i) {
    if (secret.find(text.substr(i, length)) != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

bool repeatsAny(std::string_view text, std::initializer_list<std::string_view> secrets) {
  return std::any_of(secrets.begin(), secrets.end(),
                     [&](std::string_view secret) { return repeats(text, secret); });
}

}  // namespace

std::string redacted(std::string_view text, std::initializer_list<std::string_view> secrets) {
  const std::string line = oneLine(text, kMaxText);
  return repeatsAny(line, secrets) ? "(a text with secrets in it)" : line;
}

std::string withoutCanonicalRequest(std::string_view text) {
  // As one line, for the words searched for may stand on two.
  std::string line = oneLine(text, text.size());
  const CPtr<char, g_free> lower(g_ascii_strdown(line.c_str(), -1));
  line.resize(std::min(std::string_view(lower.get()).find("the canonical string"), line.size()));
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string plainCode(std::string_view text, std::initializer_list<std::string_view> secrets) {
  const auto isPart = [](char c) {
    return g_ascii_isalnum(c) != 0 || c == '_' || c == '.' || c == '-';
  };
  const bool isWord = text.size() <= kMaxCode && std::all_of(text.begin(), text.end(), isPart);
  return isWord && !repeatsAny(text, secrets) ? std::string(text) : std::string();
}

}  // namespace kvsarchive::aws
