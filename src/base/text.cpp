// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.h"

#include <glib.h>

#include <charconv>
#include <system_error>

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
    c = isControl(c) ? ' ' : c;
  }
  return validUtf8(line) + (isCut ? "..." : "");
}

std::string quoted(std::string_view text) {
  constexpr size_t kMaxBytes = 200;
  return "\"" + oneLine(text, kMaxBytes) + "\"";
}

bool isControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

bool isVisibleAscii(char c) { return c > ' ' && c < 0x7f; }

std::string firstLine(const std::string& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

std::string withoutFullStop(std::string text) {
  text.erase(text.find_last_not_of(". ") + 1);
  return text;
}

std::optional<int> parseWhole(std::string_view text, int least, int most) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < least || number > most) {
    return std::nullopt;
  }
  return number;
}

}  // namespace kvsarchive
