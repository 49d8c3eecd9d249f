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

using Providers = std::vector<std::unique_ptr<CredentialsProvider>>;

Providers makeChain(const ProfileName& profile, const ServiceAccess& access,
                    const Result<ImdsOptions>& imds) {
  Providers chain;
  if (profile.source != kProperty) {
    chain.push_back(std::make_unique<EnvironmentProvider>());
  }
  auto fromWebIdentity = std::make_unique<WebIdentityProvider>(access, profile);
  auto fromProfile = std::make_unique<ProfileProvider>(
      access, profile,
      NamedProviders{std::make_shared<EnvironmentProvider>(),
                     std::make_shared<ImdsProvider>(access.network, imds, *access.clock),
                     std::make_shared<ContainerProvider>(access.network)});
  // Who names a profile means it; an EKS pod may have a file besides, for its region.
  const bool isNamed = !profile.source.empty();
  if (isNamed) {
    chain.push_back(std::move(fromProfile));
  }
  chain.push_back(std::move(fromWebIdentity));
  if (!isNamed) {
    chain.push_back(std::move(fromProfile));
  }
  chain.push_back(std::make_unique<ContainerProvider>(access.network));
  chain.push_back(std::make_unique<ImdsProvider>(access.network, imds, *access.clock));
  return chain;
}

}  // namespace

std::unique_ptr<CredentialsProvider> makeProviders(const Identity& identity,
                                                   const ServiceAccess& access,
                                                   const Result<ImdsOptions>& imds) {
  std::unique_ptr<CredentialsProvider> source;
  if (identity.iot) {
    source = std::make_unique<IotProvider>(access.network, *identity.iot);
  } else if (!identity.credentialPath.empty()) {
    source = std::make_unique<CredentialFileProvider>(identity.credentialPath);
  } else {
    source = std::make_unique<ChainProvider>(makeChain(identity.profile, access, imds));
  }
  return std::make_unique<RefreshingProvider>(std::move(source), *access.clock);
}

}  // namespace kvsarchive::aws
