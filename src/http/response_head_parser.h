// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "http/message.h"

namespace kvsarchive::http {

/// Makes a ResponseHead of the lines that arrive. Interim answers (1xx) and trailers are left out.
class ResponseHeadParser {
 public:
  /// Status line and headers of one answer together may be so long.
  static constexpr size_t kMaxSize = size_t{256} << 10;

  /// Takes one line, with or without its line end. Lines after the head is complete are trailers.
  /// False: the head is malformed or too long; no more lines may be added.
  bool addLine(std::string_view line);

  bool complete() const { return complete_; }
  const ResponseHead& head() const { return head_; }

 private:
  bool addStatusLine(std::string_view line);
  bool addHeader(std::string_view line);

  ResponseHead head_;
  size_t size_ = 0;
  bool complete_ = false;
};

}  // namespace kvsarchive::http
