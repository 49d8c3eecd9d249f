// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_login.h"

#include "base/text.h"

namespace kvsarchive::aws {

Error loginNeeded(const SsoLogin& login, const std::string& why) {
  return makeError(ErrorKind::kNotAuthorized,
                   why + ": run aws sso login --profile " + quoted(login.profile));
}

}  // namespace kvsarchive::aws
