// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/unix_time.h"

namespace kvsarchive::aws {

/// What a login at IAM Identity Center left behind. The secret parts are wiped when it goes.
struct SsoToken {
  SsoToken() = default;
  SsoToken(SsoToken&& other) noexcept;
  SsoToken& operator=(SsoToken&& other) noexcept;
  ~SsoToken();

  std::string accessToken;
  UnixTime expires{};
  // What it is renewed with; any may be missing.
  std::string refreshToken;
  std::string clientId;
  std::string clientSecret;
  std::optional<UnixTime> registrationExpires;

  /// Whether there is all that it takes to renew it.
  bool isRenewable(UnixTime now) const;
};

}  // namespace kvsarchive::aws
