// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/unix_time.h"

namespace kvsarchive::kvs {

/// One fragment as ListFragments describes it.
/// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_Fragment.html
struct Fragment {
  std::string number;  ///< decimal digits, 47 in practice; greater = ingested later
  uint64_t sizeBytes = 0;
  UnixTime producerTimestamp{};
  UnixTime serverTimestamp{};
  std::chrono::milliseconds length{0};  ///< may be 0 for a fragment with media
};

/// Whether the text has the form of a fragment number: 1 to 128 decimal digits.
bool isFragmentNumber(const std::string& text);

/// Order of fragment numbers: they exceed 128 bits, so by length and then by text, both without
/// leading zeros.
bool fragmentNumberLess(const std::string& a, const std::string& b);

enum class SelectorType { kProducerTimestamp, kServerTimestamp };

/// A fragment's timestamp that selectors of that type look at.
inline UnixTime timeOf(const Fragment& fragment, SelectorType type) {
  return type == SelectorType::kProducerTimestamp ? fragment.producerTimestamp
                                                  : fragment.serverTimestamp;
}

/// Which fragments are wanted: those that START in the range, both ends included.
struct FragmentSelector {
  SelectorType type = SelectorType::kProducerTimestamp;
  UnixTime start{};
  UnixTime end{};
};

}  // namespace kvsarchive::kvs
