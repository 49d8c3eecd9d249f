// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/cancel_token.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "http/transport.h"
#include "kvs/archived_media_client.h"
#include "session/secret_url.h"

namespace kvsarchive::session {

/// Fetches a manifest or playlist of a session, and tries again what may pass, as the client's
/// calls do. One thread.
class ManifestFetch {
 public:
  /// All but `url` must outlive it. `operation`: what the service calls it.
  ManifestFetch(kvs::ArchivedMediaClient& client, http::Transport& transport,
                kvs::SessionProtocol protocol, const char* operation, SecretUrl url);

  /// The manifest, whole. Blocks: until it is there, the attempts are used up, or cancel. Errors:
  /// kCancelled (nothing is lost: call again); as kvs/service_error.h decodes them, kOpenRead,
  /// kRead and kDecode, with operation, stream, HTTP status, AWS code and request id, never the
  /// token.
  Result<std::string> fetch(const CancelToken& cancel);

  /// As fetch(), but once.
  Result<std::string> attempt(const CancelToken& cancel);

 private:
  Status receive(const CancelToken& cancel);
  Result<std::string> judge();
  Error annotate(Error error) const;

  kvs::ArchivedMediaClient& client_;
  http::Transport& transport_;
  const kvs::SessionProtocol protocol_;
  const char* const operation_;
  const SecretUrl url_;
  http::RetryBudget budget_;

  std::unique_ptr<http::Exchange> exchange_;  ///< while one is under way
  std::optional<http::ResponseHead> head_;    ///< of its answer
  std::string text_;                          ///< what came of the body
};

}  // namespace kvsarchive::session
