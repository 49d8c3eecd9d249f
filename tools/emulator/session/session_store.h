// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "api/api_error.h"
#include "base/result.h"
#include "session/session.h"

namespace kvsemulator {

/// The sessions of this process, by their tokens.
class SessionStore {
 public:
  /// A limit on how long sessions live, whatever they asked for; 0 = none. Also
  /// of those that are there.
  void setMaxSeconds(double seconds) { maxSeconds_ = seconds; }

  /// Errors: nothing to play, media that sessions don't serve.
  Result<Session*, ApiError> open(const Stream& stream, const SessionOptions& options,
                                  const std::string& basePath, int64_t nowMs);
  /// Errors: no such token, expired.
  Result<Session*, ApiError> find(const std::string& token, int64_t nowMs);

 private:
  double maxSeconds_ = 0;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
};

/// Nothing was ingested for a while, so that there is no live media to play.
bool isSilent(const Stream& stream, int64_t nowMs);

Failure<ApiError> noFragments();

}  // namespace kvsemulator
