// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::aws {

/// Which region to sign for and to ask: the property, else the stream ARN's, else AWS_REGION, else
/// AWS_DEFAULT_REGION. Empty arguments are not set.
/// Errors: kSettings when property and ARN contradict each other, when nothing is set, and for what
/// can't be a region (it becomes part of a host name).
Result<std::string> resolveRegion(const std::string& property, const std::string& arnRegion);

}  // namespace kvsarchive::aws
