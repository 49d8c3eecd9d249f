// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_answer.h"

#include <algorithm>

#include "aws/xml_leaves.h"
#include "base/iso8601.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

/// Keys go into headers.
bool isKey(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isVisibleAscii);
}

Error bad(const char* element, const XmlLeaves& leaves, const std::string& path) {
  return makeError(ErrorKind::kDecode, std::string(element) + " in the answer is " +
                                           (leaves.has(path) ? "not usable" : "missing"));
}

}  // namespace

Result<Credentials> parseStsCredentials(const std::string& operation, std::string_view xml) {
  const std::string parent = "/" + operation + "Response/" + operation + "Result/Credentials/";
  const std::string id = parent + "AccessKeyId";
  const std::string secret = parent + "SecretAccessKey";
  const std::string token = parent + "SessionToken";
  const std::string expiration = parent + "Expiration";
  const Result<XmlLeaves> leaves = XmlLeaves::read(xml, {id, secret, token, expiration});
  if (!leaves) {
    return leaves.error();
  }
  Credentials found(leaves->text(id), leaves->text(secret), leaves->text(token));
  if (!isKey(found.accessKeyId)) {
    return bad("AccessKeyId", *leaves, id);
  }
  if (!isKey(found.secretKey)) {
    return bad("SecretAccessKey", *leaves, secret);
  }
  if (!isKey(found.sessionToken)) {
    return bad("SessionToken", *leaves, token);
  }
  const Result<UnixTime> expires = parseIso8601(leaves->text(expiration));
  if (!expires) {
    return bad("Expiration", *leaves, expiration);
  }
  found.expires = *expires;
  return found;
}

StsError parseStsError(std::string_view xml) {
  const std::string code = "/ErrorResponse/Error/Code";
  const std::string message = "/ErrorResponse/Error/Message";
  const Result<XmlLeaves> leaves = XmlLeaves::read(xml, {code, message});
  return leaves ? StsError{leaves->text(code), leaves->text(message)} : StsError{};
}

}  // namespace kvsarchive::aws
