// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// EBML by hand, apart from src/matroska, so that a bug there is not repeated in what tests it.
namespace kvsarchive::test {

/// `count` low bytes of `value`, the highest first.
std::string bigEndian(uint64_t value, int count);

/// A variable-length number in `bytes` bytes; 0 = as few as it needs.
std::string varint(uint64_t value, int bytes = 0);

/// One element; `id` with its length marker, `sizeBytes` as in varint().
std::string element(uint32_t id, std::string_view payload, int sizeBytes = 0);

/// An unsigned integer in `valueBytes` bytes; 0 = as few as it needs.
std::string unsignedElement(uint32_t id, uint64_t value, int valueBytes = 0);

/// Id and unknown size, in 1 or 8 bytes.
std::string openElement(uint32_t id, int sizeBytes = 8);

/// Id and a size that the bytes behind it need not have.
std::string lyingElement(uint32_t id, uint64_t size);

}  // namespace kvsarchive::test
