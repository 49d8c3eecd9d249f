// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace kvsarchive::kvs {

/// How often something was asked for again, by cause.
struct RetryCounts {
  uint64_t throttled = 0;  ///< the service limits the rate, or is unavailable (503)
  uint64_t network = 0;    ///< no answer, or one that broke off
  uint64_t service = 0;    ///< other 5xx, answers that are none, and errors within media
  uint64_t access = 0;     ///< credentials, endpoint, clock
  uint64_t media = 0;      ///< good answers that lack, or spoil, what was asked for
  std::string latest;      ///< what was wrong the last time, but for media

  /// `wasSent`: there were credentials, so that the service was asked at all.
  void count(const Error& error, bool wasSent = true) {
    latest = error.message;
    const bool isAccess = !wasSent || error.recovery == Recovery::kRefreshCredentials ||
                          error.recovery == Recovery::kRefetchEndpoint ||
                          error.recovery == Recovery::kCorrectClock;
    const bool isNoAnswer = error.kind == ErrorKind::kOpenRead && error.httpStatus != 0;
    const bool isInBand = error.kind == ErrorKind::kRead && !error.awsCode.empty();
    if (isAccess) {
      ++access;
    } else if (isThrottled(error)) {
      ++throttled;
    } else if (isNoAnswer || error.httpStatus >= 500 || error.kind == ErrorKind::kDecode ||
               isInBand) {
      ++service;
    } else {
      ++network;
    }
  }

  uint64_t all() const { return throttled + network + service + access + media; }
};

}  // namespace kvsarchive::kvs
