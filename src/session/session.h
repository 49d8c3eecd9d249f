// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/cancel_token.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/transport.h"
#include "kvs/archived_media_client.h"
#include "session/manifest_fetch.h"
#include "session/secret_url.h"
#include "session/session_life.h"

namespace kvsarchive::session {

/// A playback session: its URL, its manifest, and how long it lasts. One thread.
class Session {
 public:
  /// All must outlive it. `clock` is the machine's.
  Session(kvs::ArchivedMediaClient& client, http::Transport& transport, const Clock& clock,
          kvs::SessionRequest request);

  /// Asks for the session and fetches its manifest, which it returns. A session that is refused as
  /// soon as it is used is asked for once more. Blocks: while the service answers, and before it is
  /// asked again. Errors: kCancelled (nothing is lost: call again); the client's and
  /// ManifestFetch's, explained.
  Result<std::string> open(const CancelToken& cancel);

  // Once it is open.
  const SecretUrl& url() const { return url_; }
  const SessionLife& life() const { return *life_; }
  const kvs::SessionRequest& request() const { return request_; }

 private:
  Status ask(const CancelToken& cancel);

  kvs::ArchivedMediaClient& client_;
  http::Transport& transport_;
  const Clock& clock_;
  const kvs::SessionRequest request_;
  std::unique_ptr<kvs::SessionUrlCall> call_;  ///< while one is under way
  SecretUrl url_;
  std::optional<SessionLife> life_;
  std::unique_ptr<ManifestFetch> fetch_;  ///< while one is under way
  bool askedAgain_ = false;
};

}  // namespace kvsarchive::session
