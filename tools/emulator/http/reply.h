// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/body_part.h"

namespace kvsemulator {

struct ListingAnswer;

/// A place in a body: so many bytes behind its beginning or that of one of its
/// parts.
struct BodyPosition {
  std::optional<size_t> part;
  uint64_t bytes = 0;
};

enum class AnswerStage { kBeforeHeaders, kAfterHeaders, kInBody };

/// Silence in the middle of an answer.
struct Stall {
  AnswerStage stage = AnswerStage::kInBody;
  BodyPosition position;  ///< for kInBody
  double seconds = 0;     ///< 0 = until the client gives up
};

/// The connection is closed in the middle of an answer.
struct Break {
  AnswerStage stage = AnswerStage::kInBody;
  BodyPosition position;  ///< for kInBody
  bool reset = false;     ///< by a TCP reset instead of an orderly end
};

/// How the bytes travel; by default at once and completely.
struct Delivery {
  int64_t latencyMs = 0;
  std::optional<Stall> stall;
  std::optional<Break> breakOff;
  uint64_t bytesPerSecond = 0;             ///< 0 = unlimited
  std::optional<uint64_t> declaredLength;  ///< Content-Length that is not that of the body
  bool excess = false;                     ///< the body is longer than declared, which is not 0
};

/// One HTTP answer before it is sent: `body`, or `parts` if there are any.
struct Reply {
  int status = 200;
  std::string contentType = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<int64_t> dateMs;  ///< for Date, ms since 1970; none = now
  std::string errorCode;          ///< for the log
  std::string body;
  std::vector<BodyPart> parts;
  bool chunked = false;                    ///< in chunked transfer coding, else with Content-Length
  std::shared_ptr<ListingAnswer> listing;  ///< what `body` was written from, for faults
  Delivery delivery;
  std::shared_ptr<void> lease;  ///< dropped when the answer has ended, one way or another

  /// Bytes of the body. Makes all parts, one after the other.
  uint64_t bodySize() const {
    uint64_t size = body.size();
    for (const BodyPart& part : parts) {
      for (const Bytes& piece : part.make()) {
        size += piece.size();
      }
    }
    return size;
  }
};

}  // namespace kvsemulator
