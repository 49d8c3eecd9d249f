// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kvsemulator {

/// Appends EBML elements to a text. A size length of 0 means the shortest.
class EbmlWriter {
 public:
  explicit EbmlWriter(std::string& out) : out_(out) {}

  void id(uint32_t id);
  void size(uint64_t size, int sizeLength = 0);
  void unknownSize(int sizeLength);
  void header(uint32_t elementId, uint64_t elementSize, int sizeLength = 0);
  void element(uint32_t elementId, std::string_view content, int sizeLength = 0);
  void number(uint32_t elementId, uint64_t value);
  void number64(uint32_t elementId, uint64_t value);
  void real(uint32_t elementId, double value);
  void bigEndian(uint64_t value, int length);

 private:
  std::string& out_;
};

}  // namespace kvsemulator
