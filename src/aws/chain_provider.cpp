// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/chain_provider.h"

#include "base/log.h"

namespace kvsarchive::aws {

Result<Credentials> ChainProvider::credentials(const CancelToken& cancel) {
  if (CredentialsProvider* const chosen = chosen_) {
    return askAgain(*chosen, cancel);
  }
  std::string tried = passedOver_;
  for (const auto& provider : providers_) {
    Result<Credentials> found = provider->credentials(cancel);
    if (found) {
      log::write(log::Level::kDebug, log::Area::kAuth,
                 std::string("credentials from ") + provider->name());
      chosen_ = provider.get();
      return found;
    }
    if (found.error().kind != ErrorKind::kAbsent) {
      if (!tried.empty() && found.error().kind != ErrorKind::kCancelled) {
        found.error().message += " (tried before: " + tried + ")";
      }
      return found;
    }
    tried.append(tried.empty() ? "" : "; ").append(provider->name()).append(": ");
    tried.append(found.error().message);
  }
  return makeError(ErrorKind::kNotAuthorized, "no AWS credentials found (" + tried + ")");
}

/// What was good before may be so again: a file that is being written, a section that comes back.
Result<Credentials> ChainProvider::askAgain(CredentialsProvider& provider,
                                            const CancelToken& cancel) {
  Result<Credentials> found = provider.credentials(cancel);
  if (!found && found.error().kind == ErrorKind::kAbsent) {
    found.error().kind = ErrorKind::kOpenRead;
    found.error().message =
        std::string(provider.name()) +
        ", where credentials came from before, has none now: " + found.error().message;
    found.error().recovery = Recovery::kRetry;
  } else if (!found && found.error().httpStatus == 0 &&
             (found.error().kind == ErrorKind::kSettings ||
              found.error().kind == ErrorKind::kDecode)) {
    found.error().recovery = Recovery::kRetry;  // a file; what a server refuses stays so
  }
  return found;
}

void ChainProvider::invalidate(const Credentials& used) {
  for (const auto& provider : providers_) {
    provider->invalidate(used);
  }
}

}  // namespace kvsarchive::aws
