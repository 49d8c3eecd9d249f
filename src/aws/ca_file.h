// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/config_section.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// The file of certificates to check servers against: the property ssl-ca-file, else AWS_CA_BUNDLE,
/// else the profile's ca_bundle; empty when the system's are to be used.
/// Errors: kSettings when it can't be read or is empty, naming where it was set.
Result<std::string> findCaFile(const std::string& property, const ConfigSection& profile);

}  // namespace kvsarchive::aws
