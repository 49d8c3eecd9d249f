// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/clock.h"
#include "http/document.h"

namespace kvsarchive::aws {

/// What it takes to ask AWS's services for credentials.
struct ServiceAccess {
  http::CurlOptions network;
  std::string region;  ///< the connection's; must come from resolveRegion()
  const Clock* clock = &systemClock();
  http::DocumentAttempts attempts;
};

}  // namespace kvsarchive::aws
