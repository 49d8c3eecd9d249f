// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace kvsarchive {

/// A block of memory that network data is received into, shared by all views into it.
/// One slab is about 1 MiB, so that a frame held downstream pins a slab and not a fragment.
class Slab {
 public:
  static constexpr size_t kDefaultSize = size_t{1} << 20;

  explicit Slab(size_t size) : data_(new uint8_t[size]), size_(size) {}

  uint8_t* data() { return data_.get(); }
  size_t size() const { return size_; }

 private:
  std::unique_ptr<uint8_t[]>
      data_;  // not value-initialised: every byte is written before it is read
  size_t size_;
};

/// A view into a slab that keeps the slab alive. The bytes belong to whoever holds the only view of
/// them, who may change them in place (the splicer rewrites block times so).
class Bytes {
 public:
  Bytes() = default;
  Bytes(std::shared_ptr<Slab> slab, size_t offset, size_t size)
      : slab_(std::move(slab)), offset_(offset), size_(size) {}

  /// A view of a new slab that holds a copy.
  static Bytes copyOf(std::string_view text);

  uint8_t* data() const { return slab_ ? slab_->data() + offset_ : nullptr; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {reinterpret_cast<const char*>(data()), size_}; }

  const std::shared_ptr<Slab>& slab() const { return slab_; }
  /// Gives away its share of the slab; what is left is empty.
  std::shared_ptr<Slab> release() {
    size_ = 0;
    return std::move(slab_);
  }
  size_t offset() const { return offset_; }

  Bytes sub(size_t offset, size_t size) const { return {slab_, offset_ + offset, size}; }
  /// Takes `size` bytes off its beginning. Cheaper than sub(), for others may share the slab.
  void removePrefix(size_t size) {
    offset_ += size;
    size_ -= size;
  }
  /// Takes in the `size` bytes of the slab that follow.
  void grow(size_t size) { size_ += size; }
  /// True if `next` starts in the same slab where this one ends.
  bool adjoins(const Bytes& next) const {
    return slab_ == next.slab_ && offset_ + size_ == next.offset_;
  }

 private:
  std::shared_ptr<Slab> slab_;
  size_t offset_ = 0;
  size_t size_ = 0;
};

/// A copy in one piece of what lies in several.
Bytes joined(const Bytes& first, const std::vector<Bytes>& rest);

}  // namespace kvsarchive
