// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/chain_provider.h"

#include "base/log.h"

namespace kvsarchive::aws {

Result<Credentials> ChainProvider::credentials(const CancelToken& cancel) {
  std::string tried = passedOver_;
  for (const auto& provider : providers_) {
    Result<Credentials> found = provider->credentials(cancel);
    if (found) {
      log::write(log::Level::kDebug, log::Area::kAuth,
                 std::string("credentials from ") + provider->name());
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

void ChainProvider::invalidate(const Credentials& used) {
  for (const auto& provider : providers_) {
    provider->invalidate(used);
  }
}

}  // namespace kvsarchive::aws
