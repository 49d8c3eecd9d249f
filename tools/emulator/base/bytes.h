// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <glib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace kvsemulator {

/// Immutable shared bytes, or a view into such; copying it copies no bytes.
class Bytes {
 public:
  Bytes() = default;
  Bytes(const Bytes& other) : bytes_(other.bytes_ ? g_bytes_ref(other.bytes_) : nullptr) {}
  Bytes(Bytes&& other) noexcept : bytes_(std::exchange(other.bytes_, nullptr)) {}
  Bytes& operator=(Bytes other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~Bytes() {
    if (bytes_) {
      g_bytes_unref(bytes_);
    }
  }

  static Bytes adopt(GBytes* bytes);
  static Bytes take(std::string text);
  static Bytes copyOf(std::string_view text);

  size_t size() const { return bytes_ ? g_bytes_get_size(bytes_) : 0; }
  bool empty() const { return size() == 0; }
  std::string_view view() const;
  Bytes slice(size_t offset, size_t length) const;
  GBytes* get() const { return bytes_; }

 private:
  GBytes* bytes_ = nullptr;
};

}  // namespace kvsemulator
