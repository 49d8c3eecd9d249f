// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json_reader.h"
#include "http/reply.h"

namespace kvsemulator {

/// Spoils a reply. `parts`: the parts of the body that the fault is aimed at,
/// ascending; all of them if it names no fragment.
using FaultAction = std::function<void(Reply& reply, const std::vector<size_t>& parts)>;

/// One entry of the list of faults: which requests it meets, and what it does
/// to them.
struct Fault {
  std::string kind;
  std::string operation;           ///< empty = all
  std::optional<int64_t> request;  ///< the first that is met, counted from 1; none = every
  int64_t count = 1;               ///< how many in a row are met
  std::string fragment;            ///< number; empty = any
  int64_t fragmentIndex = 0;       ///< place in the request, from 1; 0 = any
  FaultAction action;
  int64_t seen = 0;  ///< requests of that operation and fragment so far
};

/// Reads one fault; problems go into the reader's error.
Fault readFault(JsonReader& json);

/// The action of a kind, reading its own options.
FaultAction readFaultAction(const std::string& kind, JsonReader& json);

}  // namespace kvsemulator
