// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/fault_list.h"

namespace kvsemulator {
namespace {

bool isNamed(const Fault& fault, const std::string& number, size_t index) {
  return (fault.fragment.empty() || fault.fragment == number) &&
         (fault.fragmentIndex == 0 || static_cast<size_t>(fault.fragmentIndex) == index + 1);
}

/// Whether the request asks for the fragment that the fault is aimed at.
bool concerns(const Fault& fault, const CallDetails& call) {
  if (!fault.operation.empty() && fault.operation != call.operation) {
    return false;
  }
  if (fault.fragment.empty() && fault.fragmentIndex == 0) {
    return true;
  }
  for (size_t i = 0; i < call.fragments.size(); ++i) {
    if (isNamed(fault, call.fragments[i], i)) {
      return true;
    }
  }
  return false;
}

std::vector<size_t> targets(const Fault& fault, const Reply& reply) {
  std::vector<size_t> parts;
  for (size_t i = 0; i < reply.parts.size(); ++i) {
    if (isNamed(fault, reply.parts[i].fragment, i)) {
      parts.push_back(i);
    }
  }
  return parts;
}

}  // namespace

FaultList FaultList::read(JsonReader& json) {
  FaultList list;
  for (JsonReader& fault : json.objects("faults")) {
    list.faults_.push_back(readFault(fault));
  }
  return list;
}

std::vector<std::string> FaultList::apply(const CallDetails& call, Reply& reply) {
  std::vector<std::string> applied;
  for (Fault& fault : faults_) {
    if (!concerns(fault, call)) {
      continue;
    }
    ++fault.seen;
    const bool met = !fault.request ||
                     (fault.seen >= *fault.request && fault.seen < *fault.request + fault.count);
    if (met) {
      fault.action(reply, targets(fault, reply));
      applied.push_back(fault.kind);
    }
  }
  return applied;
}

}  // namespace kvsemulator
