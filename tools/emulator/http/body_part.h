// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace kvsemulator {

/// Part of a body that is made when its turn comes, e.g. the chunk of one
/// fragment.
struct BodyPart {
  std::string fragment;  ///< its number
  size_t place = 0;      ///< in the request, from 1
  std::function<std::vector<Bytes>()> make;
};

/// All bytes of a part in one piece.
inline std::string textOf(const BodyPart& part) {
  std::string text;
  for (const Bytes& piece : part.make()) {
    text += piece.view();
  }
  return text;
}

}  // namespace kvsemulator
