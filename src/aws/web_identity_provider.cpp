// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/web_identity_provider.h"

#include "aws/environment.h"
#include "aws/shared_config.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kTokenFile = "AWS_WEB_IDENTITY_TOKEN_FILE";
constexpr const char* kRole = "AWS_ROLE_ARN";

}  // namespace

Result<Credentials> WebIdentityProvider::credentials(const CancelToken& cancel) {
  WebIdentity identity;
  identity.tokenFile = environmentVariable(kTokenFile);
  identity.role.roleArn = environmentVariable(kRole);
  identity.role.sessionName = environmentVariable("AWS_ROLE_SESSION_NAME");
  if (identity.tokenFile.empty()) {
    return makeError(ErrorKind::kAbsent, std::string(kTokenFile) + " is not set");
  }
  if (identity.role.roleArn.empty()) {
    return makeError(ErrorKind::kSettings,
                     std::string(kTokenFile) + " is set, but " + kRole + " is not");
  }
  const Result<SharedConfig> config = SharedConfig::load();
  if (!config) {
    return config.error();
  }
  const Result<const ConfigSection*> section = findProfile(*config, profile_);
  if (!section) {
    return section.error();
  }
  Result<StsEndpoint> endpoint = findStsEndpoint(access_.region, *config, **section);
  if (!endpoint) {
    return endpoint.error();
  }
  return assumeWithTokenFile(StsClient(access_, std::move(*endpoint)), identity, cancel);
}

}  // namespace kvsarchive::aws
