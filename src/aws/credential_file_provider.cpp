// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/credential_file_provider.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "aws/home_path.h"
#include "base/iso8601.h"
#include "base/small_file.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxSize = 65536;
constexpr size_t kLongestForm = 5;

/// The words of a text, but no more of them than needed to see that there are too many.
std::vector<std::string_view> wordsOf(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string_view> words;
  for (size_t begin = text.find_first_not_of(kBlanks);
       begin != std::string_view::npos && words.size() <= kLongestForm;) {
    const size_t end = std::min(text.find_first_of(kBlanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kBlanks, end);
  }
  return words;
}

Result<Credentials> parse(std::string_view text) {
  const auto words = wordsOf(text);
  const size_t count = words.size();
  if ((count != 3 && count != kLongestForm) || words[0] != "CREDENTIALS") {
    return makeError(ErrorKind::kDecode,
                     "is neither \"CREDENTIALS key secret\" nor \"CREDENTIALS key expiration "
                     "secret token\"");
  }
  if (count == 3) {
    return Credentials(std::string(words[1]), std::string(words[2]), "");
  }
  const auto expires = parseIso8601(std::string(words[2]));
  if (!expires) {
    return makeError(ErrorKind::kDecode,
                     "has an expiration that is no time such as 2026-03-01T10:00:00Z");
  }
  Credentials found{std::string(words[1]), std::string(words[3]), std::string(words[4])};
  found.expires = *expires;
  return found;
}

}  // namespace

Result<Credentials> CredentialFileProvider::credentials(const CancelToken& cancel) {
  if (cancel.isCancelled()) {
    return cancelledError();
  }
  if (path_.empty()) {
    return makeError(ErrorKind::kAbsent, "credential-path is not set");
  }
  const std::string path = expandHome(path_);
  auto text = readSmallFile(path, kMaxSize);
  if (!text) {
    return makeError(ErrorKind::kSettings, "credential-path: " + text.error().message);
  }
  auto found = parse(*text);
  wipe(*text);
  if (!found) {
    found.error().message.insert(0, "credential-path: " + quoted(path) + " ");
  }
  return found;
}

}  // namespace kvsarchive::aws
