// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/sso_login.h"
#include "aws/sso_token.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// The folder in which "aws sso login" leaves its tokens, one file each, named by the SHA-1 of the
/// session's name, or of the start URL in the older form.
class SsoTokenCache {
 public:
  /// ~/.aws/sso/cache
  SsoTokenCache();
  explicit SsoTokenCache(std::string folder) : folder_(std::move(folder)) {}

  /// Errors: kNotAuthorized when there was no login; kSettings when the file can't be read; kDecode
  /// when it is no such file. Shows nothing of it.
  Result<SsoToken> load(const SsoLogin& login) const;

  /// Puts a renewed token in the place of the one that was loaded, in one step, for its user's eyes
  /// only. What else the file has stays. Errors: kSettings.
  Status store(const SsoLogin& login, const SsoToken& token) const;

 private:
  std::string path(const SsoLogin& login) const;

  const std::string folder_;
};

}  // namespace kvsarchive::aws
