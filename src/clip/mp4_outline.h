// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kvsarchive::clip {

/// Follows the boxes of an MP4 file while it arrives, to tell whether it came whole and how long
/// it plays. Media is passed over. One thread.
/// Source: ISO/IEC 14496-12
class Mp4Outline {
 public:
  Mp4Outline();

  /// The bytes that follow. Errors: kDecode, for what is no MP4.
  Status add(std::string_view bytes);

  /// The file ends here. Errors: kRead, inside of a box, without the box that says what the file
  /// holds, or without media behind or before it.
  Status end() const;

  /// Where the box ends that says what the file holds; none before that came.
  std::optional<uint64_t> movieEnd() const { return movieEnd_; }

  /// Of the presentation, as the file says; none before that came, and for fragmented files.
  std::optional<std::chrono::milliseconds> duration() const { return duration_; }

 private:
  enum class Stage { kHeader, kMovie, kContent };

  Status headerDone();
  void readMovieHeader();

  Stage stage_ = Stage::kHeader;
  std::string collected_;  ///< of a header, or of the beginning of the movie box
  size_t wanted_;          ///< bytes to collect
  uint64_t left_ = 0;      ///< of the box's content
  uint64_t boxes_ = 0;     ///< bytes of those that were begun
  std::optional<uint64_t> movieEnd_;
  std::string lastType_;
  bool hasMedia_ = false;
  std::optional<std::chrono::milliseconds> duration_;
};

}  // namespace kvsarchive::clip
