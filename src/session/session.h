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

  /// Whether the range is so long that the service may have left out what is beyond the number of
  /// fragments that was asked for, which it does without a word.
  bool mayBeCut() const;
  /// How many fragments it has, once it is open; of HLS that is asked for. Nothing if it is not to
  /// be had: it is asked for once each time. Blocks while the service answers.
  std::optional<size_t> countFragments(const CancelToken& cancel);
  /// How many it can have.
  size_t mostFragments() const;

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
  std::optional<size_t> fragments_;  ///< of DASH
  std::string playlistUrl_;          ///< of HLS, secret
};

}  // namespace kvsarchive::session
