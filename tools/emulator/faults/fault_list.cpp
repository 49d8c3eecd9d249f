// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/fault_list.h"

#include <algorithm>

#include "api/listing_answer.h"

namespace kvsemulator {
namespace {

/// The fragment at a place in a stream; "" if there is none.
std::string numberAt(const FragmentPosition& position, const Stream& stream) {
  const auto count = static_cast<int64_t>(stream.entries().size());
  int64_t index = position.place - 1;
  switch (position.word) {
    case FragmentPosition::Word::kNone:
      break;
    case FragmentPosition::Word::kFirst:
      index = 0;
      break;
    case FragmentPosition::Word::kMiddle:
      index = count / 2;
      break;
    case FragmentPosition::Word::kLast:
      index = count - 1;
      break;
  }
  return index >= 0 && index < count ? stream.entries()[static_cast<size_t>(index)].info().number
                                     : "";
}

/// A fault, and the number of the fragment that it is aimed at in this request.
struct Aim {
  Fault* fault;
  std::string number;  ///< empty = any

  bool isAt(const std::string& fragment, size_t place) const {
    return (number.empty() || number == fragment) &&
           (fault->fragmentIndex == 0 || static_cast<size_t>(fault->fragmentIndex) == place);
  }
};

bool lists(const Reply& reply, const std::string& number) {
  if (!reply.listing) {
    return false;
  }
  const auto& list = reply.listing->fragments;
  return std::any_of(list.begin(), list.end(),
                     [&](const FragmentInfo& info) { return info.number == number; });
}

/// Whether the fault could meet this request; then `aim` is complete.
bool concerns(const Archive& archive, const CallDetails& call, const Reply& reply, Aim& aim) {
  const Fault& fault = *aim.fault;
  if ((!fault.operation.empty() && fault.operation != call.operation) ||
      (!fault.stream.empty() && fault.stream != call.stream) ||
      (fault.kind->scope == FaultScope::kNextPage && !call.hasToken) ||
      (fault.kind->scope == FaultScope::kData && !call.atDataEndpoint)) {
    return false;
  }
  aim.number = fault.fragment;
  if (fault.fragmentPosition) {
    const Stream* stream = archive.byName(call.stream);
    aim.number = stream ? numberAt(*fault.fragmentPosition, *stream) : "";
    if (aim.number.empty()) {
      return false;
    }
  }
  if (!fault.namesFragment()) {
    return true;
  }
  if (isAboutPages(fault.kind->scope)) {
    return lists(reply, aim.number);
  }
  if (call.operation == "GetClip") {
    return false;  // nobody asked for that fragment
  }
  for (size_t i = 0; i < call.fragments.size(); ++i) {
    if (aim.isAt(call.fragments[i], i + 1)) {
      return true;
    }
  }
  return false;
}

bool meetsNext(Fault& fault) {
  ++fault.seen;
  return !fault.request ||
         (fault.seen >= *fault.request && fault.seen - *fault.request < fault.count);
}

std::vector<size_t> partsOf(const Aim& aim, const Reply& reply) {
  std::vector<size_t> parts;
  for (size_t i = 0; i < reply.parts.size(); ++i) {
    if (aim.isAt(reply.parts[i].fragment, reply.parts[i].place)) {
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

std::vector<std::string> FaultList::apply(const Archive& archive, DataEndpoints& endpoints,
                                          const CallDetails& call, Reply& reply) {
  std::vector<Aim> met;
  std::vector<std::string> kinds;
  for (Fault& fault : faults_) {
    Aim aim{&fault, ""};
    if (concerns(archive, call, reply, aim) && meetsNext(fault)) {
      met.push_back(std::move(aim));
      kinds.emplace_back(fault.kind->name);
    }
  }
  for (const FaultStage stage : {FaultStage::kContent, FaultStage::kDelivery}) {
    for (const Aim& aim : met) {
      if (aim.fault->kind->stage == stage) {
        aim.fault->action(
            reply, {call, endpoints, aim.fault->namesFragment(), aim.number, partsOf(aim, reply)});
      }
    }
  }
  return kinds;
}

}  // namespace kvsemulator
