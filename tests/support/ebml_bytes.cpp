// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/ebml_bytes.h"

namespace kvsarchive::test {
namespace {

int bytesFor(uint64_t value) {
  int bytes = 1;
  while (bytes < 8 && (value >> (8 * bytes)) != 0) {
    ++bytes;
  }
  return bytes;
}

std::string idBytes(uint32_t id) { return bigEndian(id, bytesFor(id)); }

}  // namespace

std::string bigEndian(uint64_t value, int count) {
  std::string text(static_cast<size_t>(count), '\0');
  for (auto byte = text.rbegin(); byte != text.rend(); ++byte) {
    *byte = static_cast<char>(value & 0xFF);
    value >>= 8;
  }
  return text;
}

std::string varint(uint64_t value, int bytes) {
  for (int length = 1; bytes == 0 && length <= 8; ++length) {
    if (value + 1 < (uint64_t{1} << (7 * length))) {
      bytes = length;
    }
  }
  std::string text = bigEndian(value, bytes);
  text.front() = static_cast<char>(static_cast<uint8_t>(text.front()) | (0x100 >> bytes));
  return text;
}

std::string element(uint32_t id, std::string_view payload, int sizeBytes) {
  return idBytes(id) + varint(payload.size(), sizeBytes) + std::string(payload);
}

std::string unsignedElement(uint32_t id, uint64_t value, int valueBytes) {
  return element(id, bigEndian(value, valueBytes == 0 ? bytesFor(value) : valueBytes));
}

std::string openElement(uint32_t id, int sizeBytes) {
  return idBytes(id) + varint((uint64_t{1} << (7 * sizeBytes)) - 1, sizeBytes);
}

std::string lyingElement(uint32_t id, uint64_t size) { return idBytes(id) + varint(size, 8); }

}  // namespace kvsarchive::test
