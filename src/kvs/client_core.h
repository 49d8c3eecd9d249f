// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/signing_clock.h"
#include "base/guarded.h"
#include "http/retry_policy.h"
#include "kvs/endpoint_cache.h"
#include "kvs/retry_counts.h"
#include "kvs/service_sender.h"
#include "kvs/stream_id.h"
#include "kvs/stream_pace.h"

namespace kvsarchive::kvs {

struct ClientOptions {
  StreamId stream;
  std::string region;           ///< signing region, e.g. "eu-west-1"
  std::string controlEndpoint;  ///< absolute URL of the control plane, without a final slash
  http::RetryOptions retry;     ///< of each call
  /// Answers of GetMediaForFragmentList at a time that the client means to use.
  unsigned maxConnections = StreamPace::kConnections;
  std::shared_ptr<StreamPace> pace;          ///< null: requests are not held back
  std::shared_ptr<EndpointCache> endpoints;  ///< null: it has one of its own
};

/// What the calls of one client share. Any thread.
struct ClientCore {
  ClientCore(ClientOptions clientOptions, http::Transport& clientTransport,
             aws::CredentialsProvider& provider, const Clock& machineClock)
      : options(std::move(clientOptions)),
        transport(clientTransport),
        credentials(provider),
        clock(machineClock),
        sender(options.stream.text(), options.region, transport, credentials, clock),
        endpoints(options.endpoints ? options.endpoints : std::make_shared<EndpointCache>()) {
    if (options.pace) {
      pace.emplace(options.pace, transport.bell(), options.maxConnections);
    }
  }

  const ClientOptions options;
  http::Transport& transport;
  aws::CredentialsProvider& credentials;
  aws::SigningClock clock;
  ServiceSender sender;
  const std::shared_ptr<EndpointCache> endpoints;
  Guarded<RetryCounts> retries;
  std::optional<StreamPace::Member> pace;
};

}  // namespace kvsarchive::kvs
