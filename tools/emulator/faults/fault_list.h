// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "api/operation.h"
#include "archive/archive.h"
#include "base/json_reader.h"
#include "faults/fault.h"

namespace kvsemulator {

/// The faults in force. Each counts for itself the requests that it could meet.
class FaultList {
 public:
  /// Reads the array `faults` of an object; problems go into the reader's
  /// error.
  static FaultList read(JsonReader& json);

  /// Spoils the reply by all faults that meet this request; returns their
  /// kinds.
  std::vector<std::string> apply(const Archive& archive, DataEndpoints& endpoints,
                                 const CallDetails& call, Reply& reply);

 private:
  std::vector<Fault> faults_;
};

}  // namespace kvsemulator
