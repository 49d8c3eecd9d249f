// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kvsarchive::matroska {

/// Largest single element, its header included, that stock matroskademux 1.22 accepts; it ends the
/// stream on a larger one.
constexpr uint64_t kMaxElementBytes = uint64_t{15} << 20;

/// Id and size of an element, as they stand before its payload.
struct ElementHeader {
  uint32_t id = 0;
  uint64_t size = 0;       ///< bytes of payload; kUnknownSize if the element does not tell
  size_t headerBytes = 0;  ///< bytes of id and size together, 2 to 12

  static constexpr uint64_t kUnknownSize = UINT64_MAX;
  bool unknownSize() const { return size == kUnknownSize; }
};

/// Reads an element's header from the start of `data`. No value: more bytes are needed (at most 12
/// are ever needed). Errors: kDecode when the bytes begin no element.
Result<std::optional<ElementHeader>> readElementHeader(std::string_view data);

/// Reads a variable-length number such as a block's track number. Returns its length in bytes, 0 if
/// `data` holds none.
size_t readVarint(std::string_view data, uint64_t* value);

/// Payload of an unsigned integer element of at most 8 bytes; no bytes mean 0.
/// Errors: kDecode for longer ones.
Result<uint64_t> readUnsigned(std::string_view payload);

/// Payload of a string element as valid UTF-8, cut at the first NUL: producers pad strings with
/// them.
std::string readString(std::string_view payload);

/// One whole element in memory.
struct Element {
  uint32_t id = 0;
  std::string_view payload;
  std::string_view whole;  ///< header and payload
};

/// Walks over the children of an element that is whole in memory.
class ElementWalker {
 public:
  explicit ElementWalker(std::string_view parentPayload) : rest_(parentPayload) {}

  /// The next child; no value at the end.
  /// Errors: kDecode when a child does not fit or has no size.
  Result<std::optional<Element>> next();

 private:
  std::string_view rest_;
};

/// Calls `visit(const Element&)`, which returns a Status, for every child until one fails.
template <typename Visit>
Status forEachChild(std::string_view parentPayload, Visit visit) {
  ElementWalker walker(parentPayload);
  for (;;) {
    const auto child = walker.next();
    if (!child) {
      return child.error();
    }
    if (!child->has_value()) {
      return {};
    }
    Status visited = visit(**child);
    if (!visited) {
      return visited;
    }
  }
}

}  // namespace kvsarchive::matroska
