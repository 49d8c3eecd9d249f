// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace kvsemulator {

/// Head of one EBML element found in some bytes.
struct EbmlElement {
  uint32_t id = 0;
  size_t content = 0;            ///< offset of the first byte after the head
  std::optional<uint64_t> size;  ///< none = unknown

  size_t end() const { return content + static_cast<size_t>(size.value_or(0)); }
  std::string_view in(std::string_view data) const {
    return data.substr(content, static_cast<size_t>(size.value_or(0)));
  }
};

/// Reads the element head at `offset`. None if it is cut off or invalid, or if
/// the content of an element with known size is not all there.
std::optional<EbmlElement> readElement(std::string_view data, size_t offset);

/// Only the head: the content may be cut off.
std::optional<EbmlElement> readElementHead(std::string_view data, size_t offset);

/// Calls `visit(element, content)` for each child in the content of a master
/// element; false if one of them is cut off or of unknown size.
template <typename Visit>
bool forEachChild(std::string_view data, Visit visit) {
  for (size_t offset = 0; offset < data.size();) {
    const auto element = readElement(data, offset);
    if (!element || !element->size) {
      return false;
    }
    visit(*element, element->in(data));
    offset = element->end();
  }
  return true;
}

/// Big-endian number of up to 8 bytes.
uint64_t readNumber(std::string_view content);

/// Big-endian floating point number of 4 or 8 bytes, else 0.
double readReal(std::string_view content);

/// Text up to the first NUL.
std::string_view readText(std::string_view content);

}  // namespace kvsemulator
