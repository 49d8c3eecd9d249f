// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.h"

#include <glib.h>

#include "base/c_ptr.h"

namespace kvsarchive {

std::string validUtf8(std::string_view text) {
  if (text.empty()) {
    return {};  // its data may be null, which GLib does not take
  }
  const CPtr<char, g_free> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  return valid.get();
}

std::string oneLine(std::string_view text, size_t maxBytes) {
  const bool isCut = text.size() > maxBytes;
  size_t length = isCut ? maxBytes : text.size();
  while (isCut && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    --length;  // not in the middle of a character
  }
  std::string line(text.substr(0, length));
  for (char& c : line) {
    const bool isControl = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    c = isControl ? ' ' : c;
  }
  return validUtf8(line) + (isCut ? "..." : "");
}

std::string quoted(std::string_view text) {
  constexpr size_t kMaxBytes = 200;
  return "\"" + oneLine(text, kMaxBytes) + "\"";
}

}  // namespace kvsarchive
