// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/static_provider.h"

namespace kvsarchive::aws {

Result<Credentials> StaticProvider::credentials(const CancelToken&) {
  const bool hasId = !credentials_.accessKeyId.empty();
  const bool hasSecret = !credentials_.secretKey.empty();
  if (hasId && hasSecret) {
    return credentials_;
  }
  if (hasId || hasSecret) {
    return makeError(ErrorKind::kSettings, hasId ? "access-key is set, but secret-key is not"
                                                 : "secret-key is set, but access-key is not");
  }
  if (!credentials_.sessionToken.empty()) {
    return makeError(ErrorKind::kSettings,
                     "session-token is set, but access-key and secret-key are not");
  }
  return makeError(ErrorKind::kAbsent, "access-key and secret-key are not set");
}

}  // namespace kvsarchive::aws
