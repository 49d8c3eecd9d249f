// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archive/fragment_info.h"

namespace kvsemulator {

/// What an answer of ListFragments says, and tokens that a fault may give
/// instead of the right one.
struct ListingAnswer {
  std::vector<FragmentInfo> fragments;
  std::optional<std::string> nextToken;
  std::string askedToken;      ///< that the request came with; empty = none
  std::string samePageToken;   ///< asks for this page again; no other token is like it
  std::string firstPageToken;  ///< asks for the listing's first page
};

/// The body of the answer.
std::string toJson(const ListingAnswer& listing);

}  // namespace kvsemulator
