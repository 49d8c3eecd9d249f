// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "aws/credentials.h"
#include "base/result.h"
#include "http/document.h"

namespace kvsarchive::aws {

/// What a source of credentials calls them in its JSON.
struct CredentialMembers {
  const char* accessKeyId = "AccessKeyId";
  const char* secretKey = "SecretAccessKey";
  const char* sessionToken = "Token";
  const char* expiration = "Expiration";  ///< a time in ISO 8601
  const char* inside = nullptr;           ///< the object that holds them; null = the root
  bool temporary = true;                  ///< token and expiration must be there
};

/// Reads the credentials in an answer. Errors: kDecode, in fixed texts and names of members only;
/// `source` says in them who answered: "the container's credentials endpoint".
Result<Credentials> readCredentials(const http::Document& answer, const CredentialMembers& members,
                                    const std::string& source);

}  // namespace kvsarchive::aws
