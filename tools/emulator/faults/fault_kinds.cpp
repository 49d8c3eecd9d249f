// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/fault_kinds.h"

#include <algorithm>
#include <iterator>

namespace kvsemulator {
namespace {

constexpr FaultKind kKinds[] = {
    {"status", readStatus, FaultStage::kContent, FaultScope::kAny},
    {"redirect", readRedirect, FaultStage::kContent, FaultScope::kAny},
    {"throttle", readThrottle, FaultStage::kContent, FaultScope::kAny},
    {"expired-credentials", readExpiredCredentials, FaultStage::kContent, FaultScope::kAny},
    {"moved-endpoint", readMovedEndpoint, FaultStage::kContent, FaultScope::kData},
    {"late-visible", readLateVisible, FaultStage::kContent, FaultScope::kListing},
    {"empty-page", readEmptyPage, FaultStage::kContent, FaultScope::kListing},
    {"repeat-token", readRepeatToken, FaultStage::kContent, FaultScope::kNextPage},
    {"expired-token", readExpiredToken, FaultStage::kContent, FaultScope::kNextPage},
    {"end-early", readEndEarly, FaultStage::kContent, FaultScope::kAny},
    {"garbage", readGarbage, FaultStage::kContent, FaultScope::kAny},
    {"in-band-error", readInBandError, FaultStage::kContent, FaultScope::kMedia},
    {"missing", readMissing, FaultStage::kContent, FaultScope::kMedia},
    {"reorder", readReorder, FaultStage::kContent, FaultScope::kMedia},
    {"repeat", readRepeat, FaultStage::kContent, FaultScope::kMedia},
    {"truncate-chunk", readTruncateChunk, FaultStage::kContent, FaultScope::kMedia},
    {"latency", readLatency, FaultStage::kDelivery, FaultScope::kAny},
    {"bytes-per-second", readRate, FaultStage::kDelivery, FaultScope::kAny},
    {"stall", readStall, FaultStage::kDelivery, FaultScope::kAny},
    {"cut", readCut, FaultStage::kDelivery, FaultScope::kAny},
    {"reset", readReset, FaultStage::kDelivery, FaultScope::kAny},
    {"wrong-content-length", readWrongContentLength, FaultStage::kDelivery, FaultScope::kAny},
};

}  // namespace

const FaultKind* findFaultKind(const std::string& name) {
  const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                   [&](const FaultKind& kind) { return name == kind.name; });
  return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace kvsemulator
