// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/web_identity.h"

#include "aws/home_path.h"
#include "base/small_file.h"
#include "base/text.h"

namespace kvsarchive::aws {

Result<Credentials> assumeWithTokenFile(const StsClient& sts, const WebIdentity& identity,
                                        const CancelToken& cancel) {
  constexpr size_t kMaxFile = size_t{64} << 10;
  Result<std::string> token = readSmallFile(expandHome(identity.tokenFile), kMaxFile);
  if (!token) {
    return makeError(ErrorKind::kSettings, "the web identity token: " + token.error().message);
  }
  const size_t size = token->find_last_not_of(" \t\r\n") + 1;
  if (size == 0) {
    return makeError(ErrorKind::kSettings,
                     "the web identity token file " + quoted(identity.tokenFile) + " is empty");
  }
  token->resize(size);
  Result<Credentials> found = sts.assumeRoleWithWebIdentity(identity.role, *token, cancel);
  wipe(*token);
  return found;
}

}  // namespace kvsarchive::aws
