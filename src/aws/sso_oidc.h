// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/service_access.h"
#include "aws/sso_token.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// Renews an SSO token that isRenewable() at the OIDC service, `endpoint` without a final slash.
/// Blocks: until the answer is there, the time-outs of the network, or cancel.
/// Errors: kCancelled; kNotAuthorized when the service refuses; kOpenRead, kRead, kDecode.
/// Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html
Result<SsoToken> renewSsoToken(const ServiceAccess& access, const std::string& endpoint,
                               const SsoToken& token, const CancelToken& cancel);

}  // namespace kvsarchive::aws
