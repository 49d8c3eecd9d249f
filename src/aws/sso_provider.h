// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/service_access.h"
#include "aws/sso_endpoints.h"
#include "aws/sso_login.h"
#include "aws/sso_token_cache.h"

namespace kvsarchive::aws {

/// The credentials of a role that a user got by "aws sso login". Tokens of an sso-session are
/// renewed in the cache when less than 15 minutes of them are left; those of the older form can't
/// be. Source:
/// https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
class SsoProvider : public CredentialsProvider {
 public:
  SsoProvider(ServiceAccess access, SsoEndpoints endpoints, SsoLogin login, SsoTokenCache cache)
      : access_(std::move(access)),
        endpoints_(std::move(endpoints)),
        login_(std::move(login)),
        cache_(std::move(cache)) {}

  const char* name() const override { return "SSO"; }

  /// Errors: kNotAuthorized when a login is needed or the role is refused; kSettings when there is
  /// no such role; kOpenRead, kRead, kDecode; kBusy when the service throttles.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  Result<SsoToken> validToken(const CancelToken& cancel) const;
  std::optional<SsoToken> othersToken(const SsoToken& old, std::chrono::milliseconds patience,
                                      const CancelToken& cancel) const;
  Result<SsoToken> renewed(SsoToken token, const CancelToken& cancel) const;
  Error refusal(const http::Document& answer, const SsoToken& token) const;

  const ServiceAccess access_;
  const SsoEndpoints endpoints_;
  const SsoLogin login_;
  const SsoTokenCache cache_;
};

}  // namespace kvsarchive::aws
