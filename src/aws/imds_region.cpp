// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_region.h"

#include "aws/imds_client.h"
#include "aws/region.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kRegionPath = "/latest/meta-data/placement/region";
constexpr const char* kZonePath = "/latest/meta-data/placement/availability-zone";
constexpr int kNotFound = 404;

bool isLower(char c) { return c >= 'a' && c <= 'z'; }

/// A zone is a region with a letter; other answers, an address for instance, are neither.
bool isRegion(const std::string& text) {
  return !text.empty() && isLower(text.front()) && checkRegion(text, kRegionPath).ok();
}

}  // namespace

Result<std::string> imdsRegion(const http::CurlOptions& network, const Result<ImdsOptions>& options,
                               const CancelToken& cancel) {
  if (!options) {
    return options.error();
  }
  ImdsClient client(network, *options);
  std::string region;
  for (const char* path : {kRegionPath, kZonePath}) {
    const auto answer = client.get(path, cancel);
    if (!answer) {
      return answer.error();
    }
    if (answer->head.status == kNotFound) {
      continue;
    }
    region = firstLine(answer->text);
    if (path == kZonePath && !region.empty() && isLower(region.back())) {
      region.pop_back();
    }
    if (!isRegion(region)) {
      return makeError(ErrorKind::kDecode,
                       "the EC2 metadata service does not answer with an AWS region");
    }
    return region;
  }
  return makeError(ErrorKind::kAbsent, "the EC2 metadata service knows of no region");
}

}  // namespace kvsarchive::aws
