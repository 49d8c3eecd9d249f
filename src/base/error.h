// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/unix_time.h"

namespace kvsarchive {

/// What went wrong, as coarse as a caller can act on it. gst/ maps each kind to one GStreamer
/// error.
enum class ErrorKind {
  kCancelled,  ///< a CancelToken was cancelled; never logged, never posted
  kSettings,   ///< the request can't be made as configured, or the service refused its arguments
  kAbsent,     ///< a source has no credentials or no region: the next one may be asked
  kNotAuthorized,  ///< missing, expired or insufficient credentials
  kSourceFailed,   ///< a source of credentials can't be asked for now, or fails
  kSession,        ///< the URL of a session is refused, for which there are no credentials
  kNotFound,       ///< no such stream, or nothing stored in the range
  kBusy,           ///< the service throttles, and went on doing so
  kOpenRead,       ///< no usable answer: name lookup, connect, TLS, time out, 5xx
  kRead,           ///< an answer that began well broke off
  kTrackChange,    ///< fragments with tracks that can't be joined
  kIncomplete,     ///< the service gave other or less media than it lists
  kMedia,          ///< the service can't convert what the stream holds
  kStorage,        ///< a temporary file can't be made, written or read
  kDecode,         ///< an answer that can't be understood: JSON, Matroska
};

/// What may help against a failure, besides which the request is sent again.
enum class Recovery {
  kNone,                ///< nothing: the same request would fail again
  kRetry,               ///< time
  kResume,              ///< to ask again at once: it ended because nobody read it
  kThrottle,            ///< more time: the service limits the rate of requests
  kRefreshCredentials,  ///< other credentials, for these have expired
  kRefetchEndpoint,     ///< to ask for the data endpoint anew
  kCorrectClock,        ///< to sign with the service's time, if the machine's is far off
};

/// One failure, with all that a user needs to find its cause. Fields that do not apply are empty.
struct Error {
  ErrorKind kind = ErrorKind::kOpenRead;
  std::string message;    ///< one sentence, no secrets
  std::string operation;  ///< AWS operation, e.g. "ListFragments"
  std::string stream;     ///< stream name or ARN
  int httpStatus = 0;     ///< 0 = no HTTP answer
  std::string awsCode;    ///< e.g. "ResourceNotFoundException"
  std::string requestId;  ///< x-amzn-RequestId
  /// What whoever gets the error may try. Calls that retry by themselves hand back kNone: they
  /// have tried it.
  Recovery recovery = Recovery::kNone;
  /// Number of the last fragment that was handed on before the failure, so that a run can be
  /// resumed. Set by archive/.
  std::string lastFragment;
  std::optional<UnixTime> lastFragmentTime;  ///< its timestamp, as lastFragment
};

inline Error makeError(ErrorKind kind, std::string message) {
  Error error;
  error.kind = kind;
  error.message = std::move(message);
  return error;
}

/// Whether the service is asked too much: its throttling codes, and "unavailable".
inline bool isThrottled(const Error& error) {
  constexpr int kUnavailable = 503;
  return error.recovery == Recovery::kThrottle || error.httpStatus == kUnavailable;
}

/// Whether a proxy wants other credentials than AWS's.
inline bool isRefusedByProxy(const Error& error) {
  constexpr int kProxyAuthenticationRequired = 407;
  return error.httpStatus == kProxyAuthenticationRequired;
}

/// What may help against errors of a kind that say no more.
inline Recovery usualRecovery(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kOpenRead:
    case ErrorKind::kRead:
      return Recovery::kRetry;
    case ErrorKind::kBusy:
      return Recovery::kThrottle;
    default:
      return Recovery::kNone;
  }
}

inline Error cancelledError() { return makeError(ErrorKind::kCancelled, "cancelled"); }

}  // namespace kvsarchive
