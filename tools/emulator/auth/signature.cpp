// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth/signature.h"

#include <algorithm>

#include "base/digest.h"

namespace kvsemulator {
namespace {

/// Without blanks at the ends, inner runs of blanks as one.
std::string normalised(const std::string& value) {
  std::string result;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank) {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (!result.empty() && result.back() == ' ') {
    result.pop_back();
  }
  return result;
}

std::string canonicalQuery(const std::string& query) {
  std::vector<std::string> parameters;
  for (size_t begin = 0; begin < query.size();) {
    const size_t end = std::min(query.find('&', begin), query.size());
    std::string parameter = query.substr(begin, end - begin);
    if (parameter.find('=') == std::string::npos) {
      parameter += '=';
    }
    parameters.push_back(std::move(parameter));
    begin = end + 1;
  }
  std::sort(parameters.begin(), parameters.end());
  std::string result;
  for (const std::string& parameter : parameters) {
    result += (result.empty() ? "" : "&") + parameter;
  }
  return result;
}

}  // namespace

std::string canonicalRequest(const Request& request,
                             const std::vector<std::string>& signedHeaders) {
  std::string text = request.method + "\n" + (request.path.empty() ? "/" : request.path) + "\n" +
                     canonicalQuery(request.query) + "\n";
  std::string names;
  for (const std::string& name : signedHeaders) {
    std::string joined;
    for (const auto& [key, value] : request.headers) {
      if (key == name) {
        joined += (joined.empty() ? "" : ",") + normalised(value);
      }
    }
    text.append(name).append(":").append(joined).append("\n");
    names += (names.empty() ? "" : ";") + name;
  }
  return text + "\n" + names + "\n" + sha256Hex(request.body);
}

std::string signatureOf(const std::string& canonicalRequest, const std::string& secretKey,
                        const std::string& scope, const std::string& date) {
  const std::string text =
      "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256Hex(canonicalRequest);
  std::string key = "AWS4" + secretKey;
  for (size_t begin = 0; begin <= scope.size();) {
    const size_t end = std::min(scope.find('/', begin), scope.size());
    key = hmacSha256(key, scope.substr(begin, end - begin));
    begin = end + 1;
  }
  return toHex(hmacSha256(key, text));
}

}  // namespace kvsemulator
