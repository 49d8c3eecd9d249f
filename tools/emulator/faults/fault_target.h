// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "api/operation.h"

namespace kvsemulator {

/// What a fault is aimed at in one answer.
struct FaultTarget {
  const CallDetails& call;
  DataEndpoints& endpoints;
  bool named = false;         ///< the fault names a fragment
  std::string fragment;       ///< its number; empty = named by its place in the request
  std::vector<size_t> parts;  ///< its parts of the body, ascending; all if none is named
};

}  // namespace kvsemulator
