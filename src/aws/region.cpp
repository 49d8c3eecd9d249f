// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/region.h"

#include <algorithm>

#include "aws/environment.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxLength = 63;  // of a label in a host name

bool isRegionChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

Result<std::string> checked(const std::string& region, const char* source) {
  if (region.size() > kMaxLength || region.front() == '-' || region.back() == '-' ||
      !std::all_of(region.begin(), region.end(), isRegionChar)) {
    return makeError(ErrorKind::kSettings,
                     quoted(region) + " (" + source + ") is not an AWS region such as eu-west-1");
  }
  return region;
}

}  // namespace

Result<std::string> resolveRegion(const std::string& property, const std::string& arnRegion) {
  if (!property.empty() && !arnRegion.empty() && property != arnRegion) {
    return makeError(ErrorKind::kSettings, "aws-region is " + quoted(property) +
                                               ", but the stream ARN is of " + quoted(arnRegion));
  }
  if (!property.empty()) {
    return checked(property, "aws-region");
  }
  if (!arnRegion.empty()) {
    return checked(arnRegion, "stream-arn");
  }
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    const std::string region = environmentVariable(variable);
    if (!region.empty()) {
      return checked(region, variable);
    }
  }
  return makeError(ErrorKind::kSettings,
                   "no AWS region: set aws-region, or AWS_REGION in the environment");
}

}  // namespace kvsarchive::aws
