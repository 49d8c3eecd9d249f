// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "kvs/fragment.h"

namespace kvsarchive::kvs {

/// One page of ListFragments. Pages are unordered, inside and among each other; a page can be short
/// or empty although more follow: only `nextToken` tells.
struct FragmentPage {
  std::vector<Fragment> fragments;
  std::string nextToken;  ///< empty = last page
};

}  // namespace kvsarchive::kvs
