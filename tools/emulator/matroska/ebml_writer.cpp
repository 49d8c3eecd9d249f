// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_writer.h"

#include <cstring>

namespace kvsemulator {

void EbmlWriter::bigEndian(uint64_t value, int length) {
  for (int shift = (length - 1) * 8; shift >= 0; shift -= 8) {
    out_ += static_cast<char>(value >> shift);
  }
}

void EbmlWriter::id(uint32_t id) {
  bigEndian(id, id > 0xFFFFFF ? 4 : id > 0xFFFF ? 3 : id > 0xFF ? 2 : 1);
}

void EbmlWriter::size(uint64_t size, int sizeLength) {
  int length = sizeLength > 0 ? sizeLength : 1;
  while (length < 8 && size >= (uint64_t{1} << (7 * length)) - 1) {  // all ones means unknown
    ++length;
  }
  bigEndian(size | (uint64_t{1} << (7 * length)), length);
}

void EbmlWriter::unknownSize(int sizeLength) {
  bigEndian((uint64_t{2} << (7 * sizeLength)) - 1, sizeLength);
}

void EbmlWriter::header(uint32_t elementId, uint64_t elementSize, int sizeLength) {
  id(elementId);
  size(elementSize, sizeLength);
}

void EbmlWriter::element(uint32_t elementId, std::string_view content, int sizeLength) {
  header(elementId, content.size(), sizeLength);
  out_ += content;
}

void EbmlWriter::number(uint32_t elementId, uint64_t value) {
  int length = 1;
  while (length < 8 && value >> (8 * length) != 0) {
    ++length;
  }
  header(elementId, static_cast<uint64_t>(length));
  bigEndian(value, length);
}

void EbmlWriter::number64(uint32_t elementId, uint64_t value) {
  header(elementId, 8);
  bigEndian(value, 8);
}

void EbmlWriter::real(uint32_t elementId, double value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  header(elementId, 8);
  bigEndian(bits, 8);
}

}  // namespace kvsemulator
