// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/region.h"

#include <algorithm>

#include "aws/environment.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxLength = 63;  // of a label in a host name

bool isRegionChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

}  // namespace

Result<std::string> checkRegion(const std::string& region, const char* source) {
  if (region.empty() || region.size() > kMaxLength || region.front() == '-' ||
      region.back() == '-' || !std::all_of(region.begin(), region.end(), isRegionChar)) {
    return makeError(ErrorKind::kSettings,
                     quoted(region) + " (" + source + ") is not an AWS region such as eu-west-1");
  }
  return region;
}

Result<std::string> resolveRegion(const std::string& property, const std::string& arnRegion,
                                  const std::string& profileRegion) {
  if (!property.empty() && !arnRegion.empty() && property != arnRegion) {
    return makeError(ErrorKind::kSettings, "aws-region is " + quoted(property) +
                                               ", but the stream ARN is of " + quoted(arnRegion));
  }
  if (!property.empty()) {
    return checkRegion(property, "aws-region");
  }
  if (!arnRegion.empty()) {
    return checkRegion(arnRegion, "stream-arn");
  }
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const std::string region = environmentVariable(variable);
    if (!region.empty()) {
      return checkRegion(region, variable);
    }
  }
  if (!profileRegion.empty()) {
    return checkRegion(profileRegion, "region in the AWS profile");
  }
  return makeError(ErrorKind::kAbsent, "no AWS region is set");
}

Error noRegion(const std::string& whyNotMetadata) {
  std::string message =
      "no AWS region: set aws-region, or AWS_REGION in the environment, or region in the AWS "
      "profile";
  if (!whyNotMetadata.empty()) {
    message.append(" (EC2 metadata: ").append(whyNotMetadata).append(")");
  }
  return makeError(ErrorKind::kSettings, std::move(message));
}

}  // namespace kvsarchive::aws
