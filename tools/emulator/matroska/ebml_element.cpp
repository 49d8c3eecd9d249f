// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_element.h"

#include <cstring>

namespace kvsemulator {
namespace {

/// Bytes of a variable-length number by its first byte; 0 = invalid.
int vintLength(unsigned char first) {
  int length = 1;
  while (length <= 8 && (first & (0x80 >> (length - 1))) == 0) {
    ++length;
  }
  return length <= 8 ? length : 0;
}

}  // namespace

std::optional<EbmlElement> readElementHead(std::string_view data, size_t offset) {
  if (offset >= data.size()) {
    return std::nullopt;
  }
  const int idLength = vintLength(static_cast<unsigned char>(data[offset]));
  if (idLength == 0 || idLength > 4 || offset + static_cast<size_t>(idLength) >= data.size()) {
    return std::nullopt;
  }
  EbmlElement element;
  element.id =
      static_cast<uint32_t>(readNumber(data.substr(offset, static_cast<size_t>(idLength))));
  offset += static_cast<size_t>(idLength);
  const int sizeLength = vintLength(static_cast<unsigned char>(data[offset]));
  if (sizeLength == 0 || offset + static_cast<size_t>(sizeLength) > data.size()) {
    return std::nullopt;
  }
  const uint64_t mask = (uint64_t{1} << (7 * sizeLength)) - 1;
  const uint64_t size = readNumber(data.substr(offset, static_cast<size_t>(sizeLength))) & mask;
  element.content = offset + static_cast<size_t>(sizeLength);
  if (size != mask) {
    element.size = size;
  }
  return element;
}

std::optional<EbmlElement> readElement(std::string_view data, size_t offset) {
  const auto element = readElementHead(data, offset);
  if (element && element->size && *element->size > data.size() - element->content) {
    return std::nullopt;
  }
  return element;
}

uint64_t readNumber(std::string_view content) {
  uint64_t value = 0;
  for (const char c : content) {
    value = (value << 8) | static_cast<unsigned char>(c);
  }
  return value;
}

double readReal(std::string_view content) {
  const uint64_t bits = readNumber(content);
  if (content.size() == sizeof(float)) {
    const auto bits32 = static_cast<uint32_t>(bits);
    float value = 0;
    std::memcpy(&value, &bits32, sizeof value);
    return value;
  }
  double value = 0;
  if (content.size() == sizeof value) {
    std::memcpy(&value, &bits, sizeof value);
  }
  return value;
}

std::string_view readText(std::string_view content) {
  return content.substr(0, content.find('\0'));
}

}  // namespace kvsemulator
