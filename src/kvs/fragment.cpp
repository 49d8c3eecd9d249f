// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/fragment.h"

#include <algorithm>
#include <string_view>

namespace kvsarchive::kvs {
namespace {

constexpr size_t kMaxNumberLength = 128;

std::string_view withoutLeadingZeros(std::string_view number) {
  return number.substr(std::min(number.find_first_not_of('0'), number.size()));
}

}  // namespace

bool isFragmentNumber(const std::string& text) {
  return !text.empty() && text.size() <= kMaxNumberLength &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool fragmentNumberLess(const std::string& a, const std::string& b) {
  const std::string_view left = withoutLeadingZeros(a);
  const std::string_view right = withoutLeadingZeros(b);
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

}  // namespace kvsarchive::kvs
