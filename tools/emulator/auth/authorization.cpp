// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth/authorization.h"

#include <map>

namespace kvsemulator {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(' ');
  const size_t end = text.find_last_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

Failure<ApiError> incomplete(const std::string& message) {
  return authError(400, "IncompleteSignatureException", message);
}

}  // namespace

Result<Authorization, ApiError> parseAuthorization(const std::string& header) {
  if (header.rfind(kAlgorithm, 0) != 0) {
    return incomplete("Unsupported AWS 'algorithm' in the Authorization header.");
  }
  std::map<std::string, std::string> fields;
  for (const std::string& part : split(header.substr(kAlgorithm.size()), ',')) {
    const std::string field = trimmed(part);
    const size_t equals = field.find('=');
    if (equals != std::string::npos) {
      fields[field.substr(0, equals)] = field.substr(equals + 1);
    }
  }
  for (const char* name : {"Credential", "SignedHeaders", "Signature"}) {
    if (fields[name].empty()) {
      return incomplete(std::string("Authorization header requires '") + name + "' parameter.");
    }
  }
  const std::vector<std::string> credential = split(fields["Credential"], '/');
  if (credential.size() != 5) {
    return incomplete("Credential must have exactly 5 slash-delimited elements.");
  }
  Authorization result;
  result.accessKey = credential[0];
  result.date = credential[1];
  result.region = credential[2];
  result.service = credential[3];
  result.terminator = credential[4];
  result.signedHeaders = split(fields["SignedHeaders"], ';');
  result.signature = fields["Signature"];
  return result;
}

}  // namespace kvsemulator
