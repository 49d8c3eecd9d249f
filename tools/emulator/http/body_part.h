// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace kvsemulator {

/// Part of a body that is made when its turn comes, e.g. the chunk of one
/// fragment.
struct BodyPart {
  std::string fragment;  ///< its number
  std::function<std::vector<Bytes>()> make;
};

}  // namespace kvsemulator
