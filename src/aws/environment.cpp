// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/environment.h"

#include <cstdlib>

namespace kvsarchive::aws {

std::string environmentVariable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace kvsarchive::aws
