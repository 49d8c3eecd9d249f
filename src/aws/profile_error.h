// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"
#include "base/text.h"

namespace kvsarchive::aws {

/// profile "x" <what is wrong with it>
inline Error profileError(ErrorKind kind, const std::string& profile, const std::string& what) {
  return makeError(kind, "profile " + quoted(profile) + " " + what);
}

}  // namespace kvsarchive::aws
