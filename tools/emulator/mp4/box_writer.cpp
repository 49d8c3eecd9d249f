// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4/box_writer.h"

namespace kvsemulator {

void BoxWriter::number(uint64_t value, int length) {
  for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
    out_ += static_cast<char>(value >> shift);
  }
}

void BoxWriter::setNumber(size_t position, uint64_t value) {
  for (size_t i = 0; i < 4; ++i) {
    out_[position + i] = static_cast<char>(value >> (24 - 8 * i));
  }
}

}  // namespace kvsemulator
