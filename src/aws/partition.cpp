// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/partition.h"

#include <array>

namespace kvsarchive::aws {
namespace {

constexpr std::array<Partition, 7> kPartitions{{
    {"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"us-gov-", "amazonaws.com", "api.aws", true, true},
    {"us-iso-", "c2s.ic.gov", "api.aws.ic.gov", true},
    {"us-isob-", "sc2s.sgov.gov", "api.aws.scloud", true},
    {"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
}};
constexpr Partition kCommercial{"", "amazonaws.com", "api.aws"};

}  // namespace

const Partition& partitionOf(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (region.substr(0, partition.regionPrefix.size()) == partition.regionPrefix) {
      return partition;
    }
  }
  return kCommercial;
}

}  // namespace kvsarchive::aws
