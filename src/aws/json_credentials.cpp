// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/json_credentials.h"

#include <utility>

#include "base/iso8601.h"
#include "base/json_document.h"

namespace kvsarchive::aws {
namespace {

Error unusable(const std::string& source, const std::string& why) {
  return makeError(ErrorKind::kDecode, "the credentials from " + source + " can't be used: " + why);
}

Result<JsonObjectView> find(const JsonDocument& json, const CredentialMembers& members) {
  if (members.inside == nullptr) {
    return json.root();
  }
  const auto inner = json.root().optionalObject(members.inside);
  if (!inner) {
    return inner.error();
  }
  if (!*inner) {
    return makeError(ErrorKind::kDecode, std::string(members.inside) + " in the answer is missing");
  }
  return **inner;
}

/// A member that may not be empty when it has to be there.
Result<std::string> text(const JsonObjectView& object, const char* member, bool required) {
  auto value = required ? object.string(member) : object.optionalString(member);
  if (value && value->empty() && required) {
    return makeError(ErrorKind::kDecode, std::string(member) + " in the answer is empty");
  }
  return value;
}

Result<Credentials> decode(const JsonObjectView& object, const CredentialMembers& members) {
  auto id = text(object, members.accessKeyId, true);
  auto secret = text(object, members.secretKey, true);
  auto token = text(object, members.sessionToken, members.temporary);
  Credentials found(id ? std::move(*id) : "", secret ? std::move(*secret) : "",
                    token ? std::move(*token) : "");  // from here on they are wiped
  const Result<std::string> expiration = text(object, members.expiration, members.temporary);
  const Result<std::string>* const parts[] = {&id, &secret, &token, &expiration};
  for (const Result<std::string>* part : parts) {
    if (!*part) {
      return part->error();
    }
  }
  if (!expiration->empty()) {
    const Result<UnixTime> expires = parseIso8601(*expiration);
    if (!expires) {
      return makeError(ErrorKind::kDecode,
                       std::string(members.expiration) + " in the answer is not a time");
    }
    found.expires = *expires;
  }
  return found;
}

}  // namespace

Result<Credentials> readCredentials(const http::Document& answer, const CredentialMembers& members,
                                    const std::string& source) {
  const Result<JsonDocument> json = JsonDocument::parse(answer.text);
  if (!json) {
    return unusable(source, "the answer is not valid JSON");  // its error quotes the text
  }
  const Result<JsonObjectView> object = find(*json, members);
  if (!object) {
    return unusable(source, object.error().message);
  }
  Result<Credentials> found = decode(*object, members);
  if (!found) {
    return unusable(source, found.error().message);
  }
  return found;
}

}  // namespace kvsarchive::aws
