// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "archive/number_sequence.h"
#include "archive/stored_recording.h"
#include "base/result.h"

namespace kvsemulator {

/// Keeps the chunks of recordings that take time to make in a folder, so that
/// the next start maps them into memory instead.
class MediaCache {
 public:
  using Maker = std::function<Result<std::vector<StoredFragment>>()>;

  /// Empty = keep nothing.
  explicit MediaCache(std::string folder) : folder_(std::move(folder)) {}

  /// `key`: all that the media depends on. Errors: those of `make`. A cache
  /// that can't be written is no error.
  Result<std::vector<StoredFragment>> get(const std::string& key, NumberSequence& numbers,
                                          const Maker& make) const;

 private:
  std::string folder_;
};

}  // namespace kvsemulator
