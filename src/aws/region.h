// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::aws {

/// Which region to sign for and to ask: the property, else the stream ARN's, else AWS_REGION, else
/// AWS_DEFAULT_REGION, else the AWS profile's `region`. Empty arguments are not set.
/// Errors: kAbsent when nothing is set: the machine may know (see noRegion()); kSettings when
/// property and ARN contradict each other, and for what can't be a region.
Result<std::string> resolveRegion(const std::string& property, const std::string& arnRegion,
                                  const std::string& profileRegion);

/// The region if it can be one, for it becomes part of a host name. `source` is for the message.
/// Errors: kSettings.
Result<std::string> checkRegion(const std::string& region, const char* source);

/// What to tell the user when the machine does not know its region either: why not, empty if it
/// was not asked. kSettings.
Error noRegion(const std::string& whyNotMetadata);

}  // namespace kvsarchive::aws
