// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.h"

#include <glib.h>

#include <algorithm>

namespace kvsarchive::fuzz {

bool isUtf8(const std::string& text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != FALSE;
}

void Checks::requireClear(const Error& error) {
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  require(!error.message.empty(), "an error says nothing");
  require(error.message.size() < 4096, "an error's message is too long");
  require(isUtf8(error.message), "an error's message is not UTF-8");
  require(std::none_of(error.message.begin(), error.message.end(), isControl),
          "an error's message has control characters");
}

}  // namespace kvsarchive::fuzz
