// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/bytes.h"

namespace kvsemulator {

Bytes Bytes::adopt(GBytes* bytes) {
  Bytes result;
  result.bytes_ = bytes;
  return result;
}

Bytes Bytes::take(std::string text) {
  auto* owner = new std::string(std::move(text));
  return adopt(g_bytes_new_with_free_func(
      owner->data(), owner->size(),
      [](gpointer pointer) { delete static_cast<std::string*>(pointer); }, owner));
}

Bytes Bytes::copyOf(std::string_view text) { return adopt(g_bytes_new(text.data(), text.size())); }

std::string_view Bytes::view() const {
  if (!bytes_) {
    return {};
  }
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes_, &size));
  return {data, size};
}

Bytes Bytes::slice(size_t offset, size_t length) const {
  return adopt(g_bytes_new_from_bytes(bytes_, offset, length));
}

}  // namespace kvsemulator
