// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsemulator {

/// One name and value of Matroska Tags.
struct Tag {
  std::string name;
  std::string value;
};

}  // namespace kvsemulator
