// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/slab_pool.h"
#include "http/proxy.h"
#include "http/transport.h"

struct sockaddr;

namespace kvsarchive::http {

class CurlWorker;

struct CurlOptions {
  std::chrono::milliseconds connectTimeout{5'000};  ///< name lookup, connect and TLS together
  /// No byte received for so long ends a request; a reader that is slow to read does not count.
  std::chrono::milliseconds stallTimeout{30'000};
  /// A request that takes longer altogether is ended; 0 = none. For small answers.
  std::chrono::milliseconds totalTimeout{0};
  /// A connection whose reader takes nothing for so long is closed: a service has few for a stream.
  /// One whose lease is wanted is closed after a second.
  std::chrono::milliseconds restTimeout{10'000};
  std::string caFile;             ///< PEM, in place of the system's; empty = the system's
  std::string clientCertificate;  ///< PEM file to show to the server; empty = none
  std::string clientKey;          ///< PEM file, goes with it
  Proxy proxy;
  std::string userAgent;  ///< empty = none
  /// Asked, on the worker's thread, before each address is connected to that a host has; one that
  /// is refused is never sent a byte, and ends the request with kSettings. Null = all may be.
  bool (*mayConnect)(const sockaddr& address) = nullptr;

  /// The same without a proxy, for hosts next to the machine, that answer at once or not at all.
  CurlOptions directly(std::chrono::milliseconds timeout) const;
};

/// HTTP/1.1 by libcurl: one worker thread, started by the first request, drives one multi handle.
/// Redirects are not followed, TLS is always verified, connections are kept for later requests.
/// Exchanges must not outlive their transport. Destroying it aborts what runs and joins the worker.
class CurlTransport : public Transport {
 public:
  explicit CurlTransport(CurlOptions options);
  ~CurlTransport() override;

  std::unique_ptr<Exchange> send(Request request) override;

 private:
  const CurlOptions options_;
  const std::shared_ptr<SlabPool> pool_;
  std::shared_ptr<CurlWorker> worker_;
};

}  // namespace kvsarchive::http
