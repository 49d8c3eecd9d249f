// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/identity.h"

#include <utility>
#include <vector>

#include "aws/chain_provider.h"
#include "aws/container_provider.h"
#include "aws/credential_file_provider.h"
#include "aws/environment_provider.h"
#include "aws/imds_provider.h"
#include "aws/profile_provider.h"
#include "aws/refreshing_provider.h"
#include "aws/web_identity_provider.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kProperty = "profile";

using Provider = std::unique_ptr<CredentialsProvider>;
using Providers = std::vector<Provider>;

Providers makeChain(const ProfileName& profile, const ServiceAccess& access,
                    const Result<ImdsOptions>& imds) {
  const auto container = [&] { return std::make_unique<ContainerProvider>(access.network); };
  const auto ec2 = [&] {
    return std::make_unique<ImdsProvider>(access.network, imds, *access.clock);
  };
  auto fromProfile = std::make_unique<ProfileProvider>(
      access, profile, NamedProviders{std::make_shared<EnvironmentProvider>(), ec2(), container()});
  auto fromWebIdentity = std::make_unique<WebIdentityProvider>(access, profile);
  Providers chain;
  if (profile.source == kProperty) {
    chain.push_back(std::move(fromProfile));
  } else {
    chain.push_back(std::make_unique<EnvironmentProvider>());
    // Who names a profile means it; an EKS pod may have a file besides, for its region.
    const bool isNamed = !profile.source.empty();
    chain.push_back(isNamed ? Provider(std::move(fromProfile)) : std::move(fromWebIdentity));
    chain.push_back(isNamed ? Provider(std::move(fromWebIdentity)) : std::move(fromProfile));
  }
  chain.push_back(container());
  chain.push_back(ec2());
  return chain;
}

/// Keys of the application, which may change at any time, before all that is fetched.
class KeysFirst : public CredentialsProvider {
 public:
  KeysFirst(std::unique_ptr<StaticProvider> keys, Provider others)
      : keys_(std::move(keys)), others_(std::move(others)) {}

  const char* name() const override { return "all sources"; }

  Result<Credentials> credentials(const CancelToken& cancel) override {
    auto found = keys_->credentials(cancel);
    const bool absent = !found && found.error().kind == ErrorKind::kAbsent;
    return absent ? others_->credentials(cancel) : found;
  }

  void invalidate(const Credentials& used) override { others_->invalidate(used); }

 private:
  const std::unique_ptr<StaticProvider> keys_;
  const Provider others_;
};

}  // namespace

std::unique_ptr<CredentialsProvider> makeProviders(std::unique_ptr<StaticProvider> keys,
                                                   const Identity& identity,
                                                   const ServiceAccess& access,
                                                   const Result<ImdsOptions>& imds) {
  Provider source;
  if (identity.iot) {
    source = std::make_unique<IotProvider>(access.network, *identity.iot);
  } else if (!identity.credentialPath.empty()) {
    source = std::make_unique<CredentialFileProvider>(identity.credentialPath);
  } else {
    source = std::make_unique<ChainProvider>(makeChain(identity.profile, access, imds),
                                             "properties: access-key and secret-key are not set");
  }
  return std::make_unique<KeysFirst>(
      std::move(keys), std::make_unique<RefreshingProvider>(std::move(source), *access.clock));
}

}  // namespace kvsarchive::aws
