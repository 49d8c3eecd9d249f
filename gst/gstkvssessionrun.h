// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <memory>
#include <optional>
#include <string>

#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "base/unix_time.h"
#include "gstkvssessionsettings.h"
#include "kvs/retry_counts.h"
#include "session/session.h"

/// The session of kvssessionsrc from start() to stop(), and what is told of it afterwards. start()
/// and stop() while the streaming thread rests, open() and opened() on it, all else on any thread.
class GstKvsSessionRun {
 public:
  struct Report {
    guint64 manifestBytes = 0;
    kvsarchive::UnixTime expiresAt{};
    kvsarchive::kvs::RetryCounts retries;
  };

  /// Checks the settings and builds what asks. No network: unlock() cannot free the thread that
  /// changes the state. Errors: kSettings.
  kvsarchive::Status start(GstKvsSessionSettings settings);
  /// Closes connections and joins threads.
  void stop();

  /// Opens the session and returns its manifest. Blocks, can be cancelled and fails as
  /// session::Session::open().
  kvsarchive::Result<std::string> open(const kvsarchive::CancelToken& cancel);
  /// Once it is open.
  kvsarchive::session::Session& opened() { return *opened_; }

  /// Of the run; none when stopped.
  std::optional<kvsarchive::kvs::SessionProtocol> protocol();
  /// The session's URL, a secret; empty unless one is open.
  std::string url() { return running_.lock()->url; }
  /// New keys, if it runs; or why it goes on with the old ones.
  kvsarchive::Status renewKeys(const kvsarchive::kvs::ConnectionSettings& settings);
  /// Of the run, or of the last one.
  Report report();

 private:
  struct Connected {
    kvsarchive::kvs::SessionRequest request;
    std::unique_ptr<kvsarchive::kvs::Connection> connection;
    /// Null until the connection is open. Declared last: goes before its connection.
    std::unique_ptr<kvsarchive::session::Session> session;
  };
  struct Running {
    std::unique_ptr<Connected> connected;  ///< none when stopped
    std::string url;
    Report report;
  };

  kvsarchive::Result<kvsarchive::session::Session*> session(const kvsarchive::CancelToken& cancel);

  kvsarchive::Guarded<Running> running_;
  kvsarchive::session::Session* opened_ = nullptr;
};
