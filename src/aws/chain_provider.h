// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials_provider.h"

namespace kvsarchive::aws {

/// Asks one provider after the other; the first that has credentials wins.
class ChainProvider : public CredentialsProvider {
 public:
  /// `passedOver`: what was tried before all of them, for errors.
  explicit ChainProvider(std::vector<std::unique_ptr<CredentialsProvider>> providers,
                         std::string passedOver = "")
      : providers_(std::move(providers)), passedOver_(std::move(passedOver)) {}

  const char* name() const override { return "chain"; }

  /// A provider that has none (kAbsent) is passed over; any other error ends the search,
  /// since what was meant to be used must not be replaced silently; it says what was passed over.
  /// Once a provider has given any, no other is asked: it may lack them only while a program
  /// rewrites its file, and another's are another identity.
  /// Errors: kNotAuthorized with what was tried and why it failed; kOpenRead when the one that gave
  /// some has none any more; others as the provider's.
  Result<Credentials> credentials(const CancelToken& cancel) override;

  /// Tells all of them: whichever had these knows them.
  void invalidate(const Credentials& used) override;

 private:
  Result<Credentials> askAgain(CredentialsProvider& provider, const CancelToken& cancel);

  const std::vector<std::unique_ptr<CredentialsProvider>> providers_;
  const std::string passedOver_;
  std::atomic<CredentialsProvider*> chosen_{nullptr};  ///< the one that gave any
};

}  // namespace kvsarchive::aws
