// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_element.h"

#include "base/text.h"

namespace kvsarchive::matroska {
namespace {

/// Told by the highest bit set; 0 if there is none.
size_t varintLength(uint8_t first) {
  return first == 0 ? 0 : static_cast<size_t>(__builtin_clz(first)) - 23;
}

/// Of at most 8 bytes.
uint64_t bigEndian(const char* bytes, size_t size) {
  uint64_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return value;
}

}  // namespace

size_t readVarint(std::string_view data, uint64_t* value) {
  const size_t length = data.empty() ? 0 : varintLength(static_cast<uint8_t>(data.front()));
  if (length == 0 || data.size() < length) {
    return 0;
  }
  *value = bigEndian(data.data(), length) & ((uint64_t{1} << (7 * length)) - 1);
  return length;
}

Result<std::optional<ElementHeader>> readElementHeader(std::string_view data) {
  if (data.empty()) {
    return std::optional<ElementHeader>();
  }
  const size_t idLength = varintLength(static_cast<uint8_t>(data.front()));
  if (idLength == 0 || idLength > 4) {
    return makeError(ErrorKind::kDecode, "The media is not Matroska: no element begins with byte " +
                                             std::to_string(static_cast<uint8_t>(data.front())));
  }
  if (data.size() <= idLength) {
    return std::optional<ElementHeader>();
  }
  const size_t sizeLength = varintLength(static_cast<uint8_t>(data[idLength]));
  if (sizeLength == 0) {
    return makeError(ErrorKind::kDecode, "The media is not Matroska: bad element size");
  }
  if (data.size() < idLength + sizeLength) {
    return std::optional<ElementHeader>();
  }
  ElementHeader header;
  header.id = static_cast<uint32_t>(bigEndian(data.data(), idLength));
  header.headerBytes = idLength + sizeLength;
  readVarint(data.substr(idLength), &header.size);
  if (header.size == (uint64_t{1} << (7 * sizeLength)) - 1) {
    header.size = ElementHeader::kUnknownSize;
  }
  return std::optional<ElementHeader>(header);
}

Result<uint64_t> readUnsigned(std::string_view payload) {
  if (payload.size() > 8) {
    return makeError(ErrorKind::kDecode, "The media has an integer of more than 8 bytes");
  }
  return bigEndian(payload.data(), payload.size());
}

std::string readString(std::string_view payload) {
  return validUtf8(payload.substr(0, payload.find('\0')));
}

Result<std::optional<Element>> ElementWalker::next() {
  if (rest_.empty()) {
    return std::optional<Element>();
  }
  const auto header = readElementHeader(rest_);
  if (!header) {
    return header.error();
  }
  if (!header->has_value() || (*header)->size > rest_.size() - (*header)->headerBytes) {
    return makeError(ErrorKind::kDecode, "The media has an element that leaves its parent");
  }
  const size_t headerBytes = (*header)->headerBytes;
  const size_t wholeBytes = headerBytes + static_cast<size_t>((*header)->size);
  Element element;
  element.id = (*header)->id;
  element.whole = rest_.substr(0, wholeBytes);
  element.payload = element.whole.substr(headerBytes);
  rest_.remove_prefix(wholeBytes);
  return std::optional<Element>(element);
}

}  // namespace kvsarchive::matroska
