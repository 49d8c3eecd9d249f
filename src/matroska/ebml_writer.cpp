// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_writer.h"

#include <cstring>

namespace kvsarchive::matroska {
namespace {

void appendBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xFF);
  }
}

}  // namespace

void EbmlWriter::writeUnsigned(uint32_t id, uint64_t value) {
  int bytes = 1;
  while (bytes < 8 && value >> (8 * bytes) != 0) {
    ++bytes;
  }
  writeId(id);
  writeSize(static_cast<uint64_t>(bytes));
  appendBigEndian(out_, value, bytes);
}

void EbmlWriter::writeSigned(uint32_t id, int64_t value) {
  int bytes = 1;
  while (bytes < 8 && value >> (8 * bytes - 1) != (value < 0 ? -1 : 0)) {
    ++bytes;
  }
  writeId(id);
  writeSize(static_cast<uint64_t>(bytes));
  appendBigEndian(out_, static_cast<uint64_t>(value), bytes);
}

void EbmlWriter::writeFloat(uint32_t id, double value) {
  static_assert(sizeof(double) == sizeof(uint64_t));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  writeId(id);
  writeSize(sizeof(bits));
  appendBigEndian(out_, bits, sizeof(bits));
}

void EbmlWriter::writeBinary(uint32_t id, std::string_view payload) {
  writeId(id);
  writeSize(payload.size());
  out_ += payload;
}

void EbmlWriter::openUnknownSize(uint32_t id) {
  writeId(id);
  appendBigEndian(out_, 0x01FFFFFFFFFFFFFF, 8);
}

void EbmlWriter::writeId(uint32_t id) {
  int bytes = 1;
  while (bytes < 4 && id >> (8 * bytes) != 0) {
    ++bytes;
  }
  appendBigEndian(out_, id, bytes);
}

void EbmlWriter::writeSize(uint64_t size) {
  int bytes = 1;
  // All ones would mean "unknown", so such a size takes one byte more.
  while (bytes < 8 && size >= (uint64_t{1} << (7 * bytes)) - 1) {
    ++bytes;
  }
  appendBigEndian(out_, size | uint64_t{1} << (7 * bytes), bytes);
}

}  // namespace kvsarchive::matroska
