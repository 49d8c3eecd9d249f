// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "faults/byte_place.h"
#include "faults/fault_kinds.h"

namespace kvsemulator {
namespace {

constexpr int64_t kMaxMs = 86'400'000;
constexpr double kMaxSeconds = 86'400;
constexpr int64_t kMaxExtra = int64_t{1} << 40;

AnswerStage readStage(JsonReader& json) {
  return json.choice("stage", AnswerStage::kInBody,
                     {{"before-headers", AnswerStage::kBeforeHeaders},
                      {"after-headers", AnswerStage::kAfterHeaders},
                      {"in-body", AnswerStage::kInBody}});
}

FaultAction readBreak(JsonReader& json, bool reset) {
  const AnswerStage stage = readStage(json);
  const BytePlace place = readBytePlace(json);
  return [=](Reply& reply, const FaultTarget& target) {
    if (const auto position = place.in(reply, target)) {
      reply.delivery.breakOff = Break{stage, *position, reset};
    }
  };
}

}  // namespace

FaultAction readLatency(JsonReader& json) {
  const int64_t ms = json.integer("ms", 1000, 0, kMaxMs);
  return [=](Reply& reply, const FaultTarget&) { reply.delivery.latencyMs = ms; };
}

FaultAction readRate(JsonReader& json) {
  const auto rate = static_cast<uint64_t>(json.integer("rate", 1'000'000, 1, INT64_MAX));
  return [=](Reply& reply, const FaultTarget&) {
    uint64_t& current = reply.delivery.bytesPerSecond;  // a quota may be lower
    current = current == 0 ? rate : std::min(current, rate);
  };
}

FaultAction readStall(JsonReader& json) {
  const AnswerStage stage = readStage(json);
  const BytePlace place = readBytePlace(json);
  const double seconds = json.number("seconds", 0, 0, kMaxSeconds);
  return [=](Reply& reply, const FaultTarget& target) {
    if (const auto position = place.in(reply, target)) {
      reply.delivery.stall = Stall{stage, *position, seconds};
    }
  };
}

FaultAction readCut(JsonReader& json) { return readBreak(json, false); }

FaultAction readReset(JsonReader& json) { return readBreak(json, true); }

FaultAction readWrongContentLength(JsonReader& json) {
  const int64_t extra = json.integer("extra", 1000, -kMaxExtra, kMaxExtra);
  return [=](Reply& reply, const FaultTarget&) {
    const auto size = static_cast<int64_t>(reply.bodySize());
    const int64_t declared = std::max(std::min<int64_t>(size, 1), size + extra);
    reply.delivery.declaredLength = static_cast<uint64_t>(declared);
    reply.delivery.excess = declared < size;
    if (extra > 0 && !reply.delivery.breakOff) {
      reply.delivery.breakOff = Break{AnswerStage::kInBody, {{}, static_cast<uint64_t>(size)}};
    }
  };
}

}  // namespace kvsemulator
