// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/static_provider.h"

namespace kvsarchive::aws {

Result<Credentials> StaticProvider::credentials(const CancelToken&) {
  const Credentials credentials = *credentials_.lock();
  const bool hasId = !credentials.accessKeyId.empty();
  const bool hasSecret = !credentials.secretKey.empty();
  if (hasId && hasSecret) {
    return credentials;
  }
  if (hasId || hasSecret) {
    return makeError(ErrorKind::kSettings, hasId ? "access-key is set, but secret-key is not"
                                                 : "secret-key is set, but access-key is not");
  }
  if (!credentials.sessionToken.empty()) {
    return makeError(ErrorKind::kSettings,
                     "session-token is set, but access-key and secret-key are not");
  }
  return makeError(ErrorKind::kAbsent, "access-key and secret-key are not set");
}

}  // namespace kvsarchive::aws
