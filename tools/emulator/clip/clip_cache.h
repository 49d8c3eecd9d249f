// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "api/api_error.h"
#include "archive/stream.h"
#include "base/bytes.h"
#include "base/result.h"

namespace kvsemulator {

/// The clips that were asked for last, so that one that broke off comes again
/// at once, and without the time that muxing takes.
class ClipCache {
 public:
  /// The MP4 file of fragments of a stream. Errors: those of readClipMedia(),
  /// and InternalFailure if there is no such muxer.
  Result<Bytes, ApiError> get(const Stream& stream, const std::vector<Stream::Entry>& fragments);

 private:
  struct Clip {
    std::string key;
    Bytes file;
  };
  std::deque<Clip> clips_;    ///< the latest first
  int64_t lastRequestS_ = 0;  ///< creation time of the clip that had that of its request
};

}  // namespace kvsemulator
