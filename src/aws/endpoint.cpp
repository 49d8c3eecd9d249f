// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/endpoint.h"

#include "aws/environment.h"
#include "aws/partition.h"
#include "aws/setting.h"
#include "base/text.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kFips = "AWS_USE_FIPS_ENDPOINT";
constexpr const char* kFipsKey = "use_fips_endpoint";
constexpr const char* kDualStack = "AWS_USE_DUALSTACK_ENDPOINT";
constexpr const char* kDualStackKey = "use_dualstack_endpoint";

struct ServiceNames {
  const char* host;
  const char* variable;
  const char* block;  ///< in a `services` section
};

ServiceNames namesOf(Service service) {
  switch (service) {
    case Service::kSts:
      return {"sts", "AWS_ENDPOINT_URL_STS", "sts"};
    case Service::kSso:
      return {"portal.sso", "AWS_ENDPOINT_URL_SSO", "sso"};
    case Service::kSsoOidc:
      return {"oidc", "AWS_ENDPOINT_URL_SSO_OIDC", "sso_oidc"};
    case Service::kKinesisVideo:
      break;
  }
  return {"kinesisvideo", "AWS_ENDPOINT_URL_KINESIS_VIDEO", "kinesis_video"};
}

/// endpoint_url of the service in the profile's `services` section.
Result<Setting> findInServices(const ServiceNames& names, const EndpointSettings& settings,
                               const ConfigSection& profile) {
  const std::string& name = profile.get("services");
  if (name.empty()) {
    return Setting();
  }
  const ConfigSection* const section =
      settings.config == nullptr ? nullptr : settings.config->services(name);
  if (section == nullptr) {
    return makeError(
        ErrorKind::kSettings,
        "services in the AWS profile: the config file has no section for services " + quoted(name));
  }
  const auto block = section->nested.find(names.block);
  if (block == section->nested.end()) {
    return Setting();
  }
  const auto url = block->second.find("endpoint_url");
  return url == block->second.end()
             ? Setting()
             : Setting{url->second, std::string("endpoint_url of ") + names.block +
                                        " in services " + quoted(name)};
}

/// The URL that somebody set, if anybody did.
Result<Setting> findUrl(const ServiceNames& names, const EndpointSettings& settings,
                        const ConfigSection& profile) {
  if (!settings.override.empty()) {
    return Setting{settings.override, "endpoint-url"};
  }
  const auto isIgnored =
      findFlag("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", profile, "ignore_configured_endpoint_urls");
  if (!isIgnored) {
    return isIgnored.error();
  }
  if (isIgnored->value_or(false)) {
    return Setting();
  }
  for (const char* variable : {names.variable, "AWS_ENDPOINT_URL"}) {
    std::string url = environmentVariable(variable);
    if (!url.empty()) {
      return Setting{std::move(url), variable};
    }
  }
  auto ofService = findInServices(names, settings, profile);
  if (!ofService || !ofService->value.empty()) {
    return ofService;
  }
  return Setting{profile.get("endpoint_url"), "endpoint_url in the AWS profile"};
}

Error notTogether(const Setting& url, const char* variable, const char* key) {
  return makeError(ErrorKind::kSettings,
                   url.source + " can't be used together with " + variable + " or " + key);
}

}  // namespace

Result<std::string> findEndpoint(Service service, const EndpointSettings& settings) {
  static const ConfigSection none;
  const ConfigSection& profile = settings.profile == nullptr ? none : *settings.profile;
  const ServiceNames names = namesOf(service);
  const auto url = findUrl(names, settings, profile);
  if (!url) {
    return url.error();
  }
  const auto fips = findFlag(kFips, profile, kFipsKey);
  if (!fips) {
    return fips.error();
  }
  const auto dualStack = findFlag(kDualStack, profile, kDualStackKey);
  if (!dualStack) {
    return dualStack.error();
  }
  if (!url->value.empty()) {
    if (fips->value_or(false)) {
      return notTogether(*url, kFips, kFipsKey);
    }
    if (dualStack->value_or(false)) {
      return notTogether(*url, kDualStack, kDualStackKey);
    }
    auto base = http::parseBaseUrl(url->value);
    if (!base) {
      base.error().message.insert(0, url->source + ": ");
    }
    return base;
  }
  const Partition& partition = partitionOf(settings.region);
  const bool isVideo = service == Service::kKinesisVideo;
  const bool isDualStack = dualStack->value_or(false);
  const bool isPlainFips = !isVideo && partition.isPlainIdentityFips && !isDualStack;
  const bool isFips = fips->value_or(isVideo && partition.isVideoFipsOnly) && !isPlainFips;
  return "https://" + std::string(names.host) + (isFips ? "-fips." : ".") + settings.region + "." +
         std::string(isDualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix);
}

}  // namespace kvsarchive::aws
