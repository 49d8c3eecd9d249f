// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::aws {

/// Absolute URL of the Kinesis Video control plane, without a final slash. `override` (an
/// endpoint-url, empty = not set) is used as it is; otherwise the region's partition decides.
/// AWS's own KVS clients use the FIPS host in us-gov, us-iso and us-isob regions, and so it is
/// here. `region` must come from resolveRegion(). Errors: kSettings for an override that is no
/// http(s) URL. Source: https://docs.aws.amazon.com/general/latest/gr/akv.html
Result<std::string> controlEndpoint(const std::string& region, const std::string& override);

}  // namespace kvsarchive::aws
