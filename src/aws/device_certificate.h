// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::aws {

/// Checks that TLS can use these PEM files, since libcurl says only that it can't, and asks at the
/// terminal for the passphrase of an encrypted key. `caPath`: empty = none.
/// Errors: kSettings with the name of the file and what is wrong with it; nothing of what it holds.
Status checkDeviceCertificate(const std::string& certPath, const std::string& keyPath,
                              const std::string& caPath);

}  // namespace kvsarchive::aws
