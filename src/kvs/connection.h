// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/identity.h"
#include "aws/shared_config.h"
#include "aws/static_provider.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/curl_transport.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::kvs {

/// How to reach a stream, as the user gave it; empty = not given.
struct ConnectionSettings {
  std::string streamName;   ///< either this
  std::string streamArn;    ///< or this
  std::string region;       ///< else the ARN's, the environment's, the profile's, the machine's
  std::string endpointUrl;  ///< of the control plane, else as aws::findEndpoint() has it
  aws::Credentials keys;    ///< before all other sources
  std::optional<Error> keysError;  ///< why they can't be used; told by make()
  std::string profile;             ///< of the AWS config files
  std::string credentialPath;
  std::optional<Result<aws::IotSettings>> iot;  ///< an error is told by make()
  http::CurlOptions network;  ///< without a CA file: AWS_CA_BUNDLE, the profile's, the system's
  http::RetryOptions retry;
  unsigned maxConnections = StreamPace::kConnections;  ///< of answers with media, at a time
  /// Else AWS_MAX_ATTEMPTS or the profile's max_attempts, if set, goes before retry.retries.
  bool retriesSet = false;
};

/// A client with all that it stands on: transport, credentials, endpoint.
class Connection {
 public:
  /// Checks all settings; no network. Errors: kSettings, naming what to set.
  static Result<std::unique_ptr<Connection>> make(ConnectionSettings settings, const Clock& clock);

  /// Makes the client. Only where nothing tells the region, the machine is asked for it, and that
  /// blocks: see canOpenAtOnce(). One thread. Errors: kSettings, kCancelled.
  Status open(const CancelToken& cancel);
  bool canOpenAtOnce() const { return !region_.empty(); }

  /// Once open.
  ArchivedMediaClient& client() { return *client_; }
  http::Transport& transport() { return *transport_; }
  /// What the client signs with: the keys of the settings, else all that is found.
  aws::CredentialsProvider& credentials() { return *credentials_; }

  /// Takes these keys from the next request on. Any thread.
  void setKeys(aws::Credentials keys) { keys_->set(std::move(keys)); }

 private:
  Connection(ConnectionSettings settings, const Clock& clock)
      : settings_(std::move(settings)), clock_(clock) {}

  Status prepare();
  Status prepareDevice();
  Status readConfig();
  Status findRegion();
  Result<std::string> controlEndpoint(const std::string& region) const;

  ConnectionSettings settings_;
  const Clock& clock_;
  StreamId stream_;
  aws::ProfileName profileName_;
  std::optional<aws::SharedConfig> config_;      ///< until it is open, since it has secrets
  const aws::ConfigSection* profile_ = nullptr;  ///< in there
  std::string region_;                           ///< empty: the machine is to be asked

  std::unique_ptr<aws::StaticProvider> ownKeys_;  ///< until it is open
  aws::StaticProvider* keys_ = nullptr;           ///< then in credentials_
  std::unique_ptr<aws::CredentialsProvider> credentials_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<ArchivedMediaClient> client_;
};

}  // namespace kvsarchive::kvs
