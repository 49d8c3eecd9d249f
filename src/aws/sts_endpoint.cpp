// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_endpoint.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "aws/environment.h"
#include "base/text.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

/// Those that there were when the service had one endpoint for all.
constexpr std::array<std::string_view, 16> kOlderRegions{
    "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
    "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
    "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
    "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2",
};

bool isOlder(std::string_view region) {
  return std::find(kOlderRegions.begin(), kOlderRegions.end(), region) != kOlderRegions.end();
}

Result<bool> isLegacy(const ConfigSection* section) {
  constexpr const char* kVariable = "AWS_STS_REGIONAL_ENDPOINTS";
  constexpr const char* kKey = "sts_regional_endpoints";
  const char* source = kVariable;
  std::string value = environmentVariable(kVariable);
  if (value.empty() && section != nullptr) {
    value = section->get(kKey);
    source = kKey;
  }
  if (value.empty() || value == "regional") {
    return false;
  }
  if (value == "legacy") {
    return true;
  }
  return makeError(ErrorKind::kSettings, std::string(source) + " is " + quoted(value) +
                                             ", which is neither regional nor legacy");
}

}  // namespace

Result<StsEndpoint> stsEndpoint(const std::string& connectionRegion, const SharedConfig& config,
                                const std::string& profile) {
  const ConfigSection* const section = config.profile(profile);
  const Result<bool> legacy = isLegacy(section);
  if (!legacy) {
    return legacy.error();
  }
  const bool hasRegion = section != nullptr && !section->get("region").empty();
  StsEndpoint endpoint;
  endpoint.region = hasRegion ? section->get("region") : connectionRegion;
  const std::string override = environmentVariable("AWS_ENDPOINT_URL_STS");
  if (!override.empty()) {
    Result<std::string> url = http::parseBaseUrl(override);
    if (!url) {
      return url.error();
    }
    endpoint.url = std::move(*url);
  } else if (*legacy && isOlder(endpoint.region)) {
    endpoint = {"https://sts.amazonaws.com", "us-east-1"};
  } else {
    endpoint.url = "https://sts." + endpoint.region + ".amazonaws.com";
  }
  return endpoint;
}

}  // namespace kvsarchive::aws
