// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_token.h"

#include <utility>

#include "aws/credentials.h"

namespace kvsarchive::aws {

// Swapped, for moving a short text leaves it where it was.
SsoToken::SsoToken(SsoToken&& other) noexcept { *this = std::move(other); }

SsoToken& SsoToken::operator=(SsoToken&& other) noexcept {
  std::swap(accessToken, other.accessToken);
  std::swap(expires, other.expires);
  std::swap(refreshToken, other.refreshToken);
  std::swap(clientId, other.clientId);
  std::swap(clientSecret, other.clientSecret);
  std::swap(registrationExpires, other.registrationExpires);
  return *this;
}

SsoToken::~SsoToken() {
  wipe(accessToken);
  wipe(refreshToken);
  wipe(clientSecret);
}

bool SsoToken::isRenewable(UnixTime now) const {
  return !refreshToken.empty() && !clientId.empty() && !clientSecret.empty() &&
         registrationExpires && *registrationExpires > now;
}

}  // namespace kvsarchive::aws
