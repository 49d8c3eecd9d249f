// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "http/reply.h"

namespace kvsemulator {

/// Cuts the body of a reply into pieces as they are sent; at most one part of
/// it is in memory.
class BodyReader {
 public:
  explicit BodyReader(Reply reply);

  /// The next at most `limit` bytes, as a view; empty at the end.
  Bytes next(size_t limit);
  /// Bytes up to a position; none if its part has not begun yet.
  std::optional<uint64_t> bytesUntil(const BodyPosition& position);
  uint64_t offset() const { return offset_; }
  bool atEnd();

 private:
  /// Makes the next part if nothing is pending.
  void refill();

  std::vector<BodyPart> parts_;
  std::vector<uint64_t> starts_;  ///< of the parts that have begun
  std::deque<Bytes> pending_;
  uint64_t offset_ = 0;
};

}  // namespace kvsemulator
