// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/endpoint.h"

#include <array>
#include <string_view>

#include "http/url.h"

namespace kvsarchive::aws {
namespace {

struct Partition {
  std::string_view regionPrefix;
  std::string_view dnsSuffix;
  bool fips;
};

constexpr std::array<Partition, 6> kPartitions{{
    {"cn-", "amazonaws.com.cn", false},
    {"us-gov-", "amazonaws.com", true},
    {"us-iso-", "c2s.ic.gov", true},
    {"us-isob-", "sc2s.sgov.gov", true},
    {"eu-isoe-", "cloud.adc-e.uk", false},
    {"us-isof-", "csp.hci.ic.gov", false},
}};
constexpr Partition kCommercial{"", "amazonaws.com", false};  // also for regions to come

const Partition& partitionOf(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (region.substr(0, partition.regionPrefix.size()) == partition.regionPrefix) {
      return partition;
    }
  }
  return kCommercial;
}

}  // namespace

Result<std::string> controlEndpoint(const std::string& region, const std::string& override) {
  if (!override.empty()) {
    return http::parseBaseUrl(override);
  }
  const Partition& partition = partitionOf(region);
  return std::string("https://kinesisvideo") + (partition.fips ? "-fips." : ".") + region + "." +
         std::string(partition.dnsSuffix);
}

}  // namespace kvsarchive::aws
