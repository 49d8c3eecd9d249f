// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "http/curl_transport.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::kvs {

/// How to reach a stream, as the user gave it; empty = not given.
struct ConnectionSettings {
  std::string streamName;   ///< either this
  std::string streamArn;    ///< or this
  std::string region;       ///< else the ARN's, AWS_REGION, AWS_DEFAULT_REGION
  std::string endpointUrl;  ///< of the control plane, else by the region
  std::string accessKey;    ///< with secretKey, else the environment's
  std::string secretKey;
  std::string sessionToken;
  http::CurlOptions network;
  http::RetryOptions retry;
  unsigned maxConnections = StreamPace::kConnections;  ///< of answers with media, at a time
  bool retriesSet = false;  ///< else AWS_MAX_ATTEMPTS, if it is set, goes before retry.retries
};

/// A client with all that it stands on: transport, credentials, endpoint.
class Connection {
 public:
  /// Checks all settings; no network. Errors: kSettings, naming what to set.
  static Result<std::unique_ptr<Connection>> make(const ConnectionSettings& settings,
                                                  const Clock& clock);

  ArchivedMediaClient& client() { return *client_; }

 private:
  Connection() = default;

  std::unique_ptr<aws::CredentialsProvider> credentials_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<ArchivedMediaClient> client_;
};

}  // namespace kvsarchive::kvs
