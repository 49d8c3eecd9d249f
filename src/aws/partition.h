// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace kvsarchive::aws {

/// A part of AWS with names of its own: China, GovCloud, ...
struct Partition {
  std::string_view regionPrefix;
  std::string_view dnsSuffix;
  std::string_view dualStackDnsSuffix;  ///< of hosts that have IPv6 addresses too
  /// AWS's own clients of Kinesis Video use no other hosts than the FIPS ones.
  bool isVideoFipsOnly = false;
  /// The identity services' plain hosts are the FIPS ones.
  bool isPlainIdentityFips = false;
};

/// Regions of unknown names are commercial ones. Source: partitions.json of AWS's SDKs.
const Partition& partitionOf(std::string_view region);

}  // namespace kvsarchive::aws
