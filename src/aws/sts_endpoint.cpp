// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_endpoint.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "aws/endpoint.h"
#include "aws/setting.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr std::array<std::string_view, 15> kOlderRegions{
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",
    "sa-east-1",      "us-east-1",  "us-east-2",      "us-west-1",      "us-west-2",
};

bool isOlder(const std::string& region) {
  return std::find(kOlderRegions.begin(), kOlderRegions.end(), region) != kOlderRegions.end();
}

Result<bool> isLegacy(const ConfigSection& profile) {
  const Setting setting =
      findSetting("AWS_STS_REGIONAL_ENDPOINTS", profile, "sts_regional_endpoints");
  if (setting.value.empty() || setting.value == "regional") {
    return false;
  }
  if (setting.value == "legacy") {
    return true;
  }
  return makeError(ErrorKind::kSettings, setting.source + " is " + quoted(setting.value) +
                                             ", which is neither regional nor legacy");
}

}  // namespace

Result<StsEndpoint> findStsEndpoint(const std::string& region, const SharedConfig& config,
                                    const ConfigSection& profile) {
  const Result<bool> legacy = isLegacy(profile);
  if (!legacy) {
    return legacy.error();
  }
  Result<std::string> url = findEndpoint(Service::kSts, {region, "", &config, &profile});
  if (!url) {
    return url.error();
  }
  if (*legacy && isOlder(region) && *url == "https://sts." + region + ".amazonaws.com") {
    return StsEndpoint{"https://sts.amazonaws.com", "us-east-1"};
  }
  return StsEndpoint{std::move(*url), region};
}

}  // namespace kvsarchive::aws
