// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kvsarchive::matroska {

/// Appends elements to a string, with the shortest sizes.
class EbmlWriter {
 public:
  void writeUnsigned(uint32_t id, uint64_t value);
  void writeSigned(uint32_t id, int64_t value);
  void writeFloat(uint32_t id, double value);
  void writeBinary(uint32_t id, std::string_view payload);
  /// Starts an element of unknown size, as a document that is still being written has them.
  void openUnknownSize(uint32_t id);
  void writeRaw(std::string_view bytes) { out_ += bytes; }

  const std::string& bytes() const { return out_; }
  std::string take() { return std::move(out_); }

 private:
  void writeId(uint32_t id);
  void writeSize(uint64_t size);

  std::string out_;
};

}  // namespace kvsarchive::matroska
