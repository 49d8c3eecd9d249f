// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>

#include "api/api_error.h"
#include "faults/fault.h"
#include "matroska/chunk_header.h"

namespace kvsemulator {
namespace {

constexpr int64_t kMaxMs = 86'400'000;
constexpr double kMaxSeconds = 86'400;

/// "bytes" counts from the fragment that the fault is aimed at, else from the
/// body's beginning.
BodyPosition positionIn(const Reply& reply, const std::vector<size_t>& parts, uint64_t bytes) {
  BodyPosition position;
  position.bytes = bytes;
  if (!parts.empty() && parts.size() < reply.parts.size()) {
    position.part = parts.front();
  }
  return position;
}

void replaceReply(Reply& reply, Reply by) {
  by.delivery = reply.delivery;
  reply = std::move(by);
}

FaultAction readStatus(JsonReader& json) {
  ApiError error;
  error.status = static_cast<int>(json.integer("status", 503, 100, 599));
  error.code = json.text("code", "ServiceUnavailableException");
  error.message = json.text("message", "");
  const std::string body = json.choice<std::string>(
      "body", "json", {{"json", "json"}, {"xml", "xml"}, {"html", "html"}, {"none", "none"}});
  return [=](Reply& reply, const std::vector<size_t>&) {
    Reply by = errorReply(error);
    if (body == "xml") {
      by = accessDeniedXml(error.message);
      by.status = error.status;
      by.errorCode = error.code;
    } else if (body == "html") {
      by.headers = {{"Connection", "close"}};
      by.contentType = "text/html";
      by.body = "<html><body><h1>" + std::to_string(error.status) + " " + error.message +
                "</h1></body></html>\n";
    } else if (body == "none") {
      by.headers = {{"Connection", "close"}};
      by.contentType.clear();
      by.body.clear();
    }
    replaceReply(reply, std::move(by));
  };
}

FaultAction readRedirect(JsonReader& json) {
  const std::string location = json.text("location", "http://127.0.0.1:9/");
  const auto status = static_cast<int>(json.integer("status", 302, 300, 399));
  return [=](Reply& reply, const std::vector<size_t>&) {
    Reply by;
    by.status = status;
    by.contentType.clear();
    by.headers = {{"Location", location}};
    replaceReply(reply, std::move(by));
  };
}

FaultAction readStall(JsonReader& json) {
  Stall stall;
  stall.stage = json.choice("stage", StallStage::kInBody,
                            {{"before-headers", StallStage::kBeforeHeaders},
                             {"after-headers", StallStage::kAfterHeaders},
                             {"in-body", StallStage::kInBody}});
  const auto bytes = static_cast<uint64_t>(json.integer("bytes", 0, 0, INT64_MAX));
  stall.seconds = json.number("seconds", 0, 0, kMaxSeconds);
  return [=](Reply& reply, const std::vector<size_t>& parts) {
    reply.delivery.stall = stall;
    reply.delivery.stall->position = positionIn(reply, parts, bytes);
  };
}

FaultAction readCut(JsonReader& json) {
  const auto bytes = static_cast<uint64_t>(json.integer("bytes", 0, 0, INT64_MAX));
  return [=](Reply& reply, const std::vector<size_t>& parts) {
    reply.delivery.cut = positionIn(reply, parts, bytes);
  };
}

FaultAction readLatency(JsonReader& json) {
  const int64_t ms = json.integer("ms", 1000, 0, kMaxMs);
  return [=](Reply& reply, const std::vector<size_t>&) { reply.delivery.latencyMs = ms; };
}

FaultAction readRate(JsonReader& json) {
  const auto rate = static_cast<uint64_t>(json.integer("rate", 1'000'000, 1, INT64_MAX));
  return [=](Reply& reply, const std::vector<size_t>&) { reply.delivery.bytesPerSecond = rate; };
}

FaultAction readInBandError(JsonReader& json) {
  const std::string code = json.text("code", "FRAGMENT_NOT_FOUND");
  const auto id = static_cast<int>(json.integer("id", 3000, 0, 9999));
  const bool longNames = json.choice("tag-names", false, {{"short", false}, {"long", true}});
  return [=](Reply& reply, const std::vector<size_t>& parts) {
    for (const size_t part : parts) {
      BodyPart& target = reply.parts[part];
      target.make = [=, number = target.fragment] {
        return std::vector<Bytes>{Bytes::take(writeErrorChunk(number, code, id, longNames))};
      };
    }
  };
}

FaultAction readMissing(JsonReader&) {
  return [](Reply& reply, const std::vector<size_t>& parts) {
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      reply.parts.erase(reply.parts.begin() + static_cast<std::ptrdiff_t>(*part));
    }
  };
}

/// Reverses the chunks; one that is aimed at is sent last instead.
FaultAction readReorder(JsonReader&) {
  return [](Reply& reply, const std::vector<size_t>& parts) {
    auto& list = reply.parts;
    if (parts.size() == 1) {
      const auto from = list.begin() + static_cast<std::ptrdiff_t>(parts.front());
      std::rotate(from, from + 1, list.end());
    } else {
      std::reverse(list.begin(), list.end());
    }
  };
}

}  // namespace

FaultAction readFaultAction(const std::string& kind, JsonReader& json) {
  static const std::map<std::string, FaultAction (*)(JsonReader&)> kKinds = {
      {"status", readStatus},
      {"redirect", readRedirect},
      {"stall", readStall},
      {"cut", readCut},
      {"latency", readLatency},
      {"bytes-per-second", readRate},
      {"in-band-error", readInBandError},
      {"missing", readMissing},
      {"reorder", readReorder},
  };
  const auto found = kKinds.find(kind);
  if (found == kKinds.end()) {
    json.fail("kind", "is not a known kind of fault");
    return [](Reply&, const std::vector<size_t>&) {};
  }
  return found->second(json);
}

}  // namespace kvsemulator
