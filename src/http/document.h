// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/cancel_token.h"
#include "base/result.h"
#include "http/curl_transport.h"

namespace kvsarchive::http {

/// A small answer, whole. Any status. The text is wiped when it goes, for it may hold keys.
struct Document {
  Document() = default;
  Document(Document&& other) noexcept;
  Document& operator=(Document&&) = delete;
  ~Document();

  ResponseHead head;
  std::string text;
};

/// How often a document is asked for while no usable answer comes: no answer at all, one that
/// breaks off, 429, 500, 502, 503, 504.
struct DocumentAttempts {
  int count = 3;                         ///< 1 or more
  std::chrono::milliseconds pause{200};  ///< before the second; doubles each time
  /// For the answer's bytes to come, beside the time-outs of the network: who sends a few at a time
  /// is not waited for without end.
  std::chrono::milliseconds transfer{10'000};
};

/// Sends one request on a connection of its own, which is closed afterwards.
/// Blocks: until the answer is there, the time-outs of `network`, or cancel.
/// Errors: kCancelled; kSettings, kOpenRead, kRead as http::Exchange; kDecode beyond 1 MiB. After
/// the last attempt a status is a value, whichever it is, and an error keeps its recovery: whoever
/// has more patience may ask again.
Result<Document> fetchDocument(const CurlOptions& network, const Request& request,
                               const DocumentAttempts& attempts, const CancelToken& cancel);

}  // namespace kvsarchive::http
