// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kvsemulator {

/// Appends boxes of ISO/IEC 14496-12 to a text.
class BoxWriter {
 public:
  explicit BoxWriter(std::string& out) : out_(out) {}

  /// `content()` writes what is in the box.
  template <typename Content>
  void box(const char* type, Content content) {
    const size_t start = out_.size();
    number(0, 4);
    out_ += type;
    content();
    setNumber(start, out_.size() - start);
  }
  template <typename Content>
  void fullBox(const char* type, int version, uint32_t flags, Content content) {
    box(type, [&] {
      number(static_cast<uint64_t>(version), 1);
      number(flags, 3);
      content();
    });
  }

  /// Big-endian, `length` bytes.
  void number(uint64_t value, int length);
  void zeros(size_t count) { out_.append(count, '\0'); }
  void bytes(std::string_view data) { out_ += data; }
  /// Overwrites 4 bytes.
  void setNumber(size_t position, uint64_t value);
  size_t position() const { return out_.size(); }

 private:
  std::string& out_;
};

}  // namespace kvsemulator
