// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/fault.h"

namespace kvsemulator {

Fault readFault(JsonReader& json) {
  Fault fault;
  fault.kind = json.text("kind", "");
  fault.operation = json.text("operation", "");
  fault.request = json.integerOr("request", "every", 1);
  fault.count = json.integer("count", 1, 1, INT64_MAX);
  fault.fragment = json.text("fragment", "");
  fault.fragmentIndex = json.integer("fragment-index", 0, 1, 1000);
  fault.action = readFaultAction(fault.kind, json);
  json.finish();
  return fault;
}

}  // namespace kvsemulator
