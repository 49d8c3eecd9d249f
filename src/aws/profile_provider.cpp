// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_provider.h"

#include "aws/process_provider.h"
#include "aws/profile_error.h"
#include "aws/sso_endpoints.h"
#include "aws/sso_provider.h"

namespace kvsarchive::aws {
namespace {

/// The same error, saying which profile it is about.
Error ofProfile(const std::string& profile, Error error) {
  if (error.kind != ErrorKind::kCancelled) {
    error.message = "profile " + quoted(profile) + ": " + error.message;
  }
  return error;
}

/// STS in the connection's region, as AWS's tools use one region for all steps.
Result<StsClient> stsOf(const ServiceAccess& access, const SharedConfig& config,
                        const std::string& profile) {
  const ConfigSection& section = *config.profile(profile);
  Result<StsEndpoint> endpoint = findStsEndpoint(access.region, config, section);
  if (!endpoint) {
    return endpoint.error();
  }
  return StsClient(access, std::move(*endpoint));
}

/// Does what comes first in a plan.
struct First {
  Result<Credentials> operator()(const Credentials& keys) const { return keys; }

  Result<Credentials> operator()(const WebIdentity& identity) const {
    const Result<StsClient> sts = stsOf(access, config, profile);
    return sts ? assumeWithTokenFile(*sts, identity, cancel) : sts.error();
  }

  Result<Credentials> operator()(const SsoLogin& login) const {
    Result<SsoEndpoints> endpoints = findSsoEndpoints(login, config, *config.profile(profile));
    if (!endpoints) {
      return endpoints.error();
    }
    return SsoProvider(access, std::move(*endpoints), login, SsoTokenCache()).credentials(cancel);
  }

  Result<Credentials> operator()(const ProcessCommand& command) const {
    return ProcessProvider(command.line).credentials(cancel);
  }

  Result<Credentials> operator()(NamedSource source) const {
    CredentialsProvider& provider = source == NamedSource::kEnvironment ? *named.environment
                                    : source == NamedSource::kEcsContainer
                                        ? *named.ecsContainer
                                        : *named.ec2InstanceMetadata;
    Result<Credentials> found = provider.credentials(cancel);
    if (!found && found.error().kind == ErrorKind::kAbsent) {
      // This one was asked for: none other takes its place.
      return makeError(ErrorKind::kNotAuthorized,
                       "its credential_source has none: " + found.error().message);
    }
    return found;
  }

  const ServiceAccess& access;
  const SharedConfig& config;
  const std::string& profile;
  const NamedProviders& named;
  const CancelToken& cancel;
};

}  // namespace

Result<Credentials> ProfileProvider::credentials(const CancelToken& cancel) {
  const Result<SharedConfig> config = SharedConfig::load();
  if (!config) {
    return config.error();
  }
  const Result<ProfilePlan> plan = planProfile(*config, profile_);
  if (!plan) {
    return plan.error();
  }
  Result<Credentials> found =
      std::visit(First{access_, *config, plan->profile, named_, cancel}, plan->first);
  if (!found) {
    return ofProfile(plan->profile, found.error());
  }
  for (const RoleStep& step : plan->roles) {
    const Result<StsClient> sts = stsOf(access_, *config, step.profile);
    found = sts ? sts->assumeRole(step.role, *found, cancel) : sts.error();
    if (!found) {
      return ofProfile(step.profile, found.error());
    }
  }
  return found;
}

}  // namespace kvsarchive::aws
