// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

#include "aws/credentials_provider.h"

namespace kvsarchive::aws {

/// The file that the property credential-path names, as kvssink takes it: the words "CREDENTIALS
/// <key> <secret>", or "CREDENTIALS <key> <expiration> <secret> <token>" with an expiration such as
/// 2026-03-01T10:00:00Z. Read anew each time, so that something else may renew it.
class CredentialFileProvider : public CredentialsProvider {
 public:
  /// An empty path is none. "~/" is the home folder.
  explicit CredentialFileProvider(std::string path) : path_(std::move(path)) {}

  const char* name() const override { return "credential-path"; }

  /// Errors: kAbsent when there is no path; kSettings when there is no such file, or it can't be
  /// read or has more than 64 KiB; kDecode when it says anything else.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const std::string path_;
};

}  // namespace kvsarchive::aws
