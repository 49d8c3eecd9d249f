// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/message.h"
#include "support/server_connection.h"

namespace kvsarchive::test {

struct ReceivedRequest {
  std::string method;
  std::string target;  ///< path and query as sent
  http::Headers headers;
  std::string body;
  int connection = 0;      ///< number of the connection it came on, from 0
  std::string clientName;  ///< common name in the client's certificate; empty = none shown

  std::string header(std::string_view name) const {
    return std::string(http::findHeader(headers, name));
  }
};

/// Answers one request; runs on the connection's own thread. When it returns, the next request of
/// the same connection is read, unless the connection was closed.
using Handler = std::function<void(const ReceivedRequest&, ServerConnection&)>;

/// An HTTP/1.1 server on 127.0.0.1 that can misbehave at every byte. Its destructor ends all
/// connections.
class FakeHttpServer {
 public:
  explicit FakeHttpServer(Handler handler) : FakeHttpServer(std::move(handler), {}, {}) {}
  /// With certificate and key (PEM): speaks TLS; with `clientAuthority` (PEM), only to clients that
  /// show a certificate which it has signed.
  FakeHttpServer(Handler handler, const std::string& certificate, const std::string& key,
                 const std::string& clientAuthority = {});
  ~FakeHttpServer();
  FakeHttpServer(const FakeHttpServer&) = delete;
  FakeHttpServer& operator=(const FakeHttpServer&) = delete;

  int port() const { return port_; }
  /// "http://127.0.0.1:<port>", or https; without a final slash.
  std::string url() const;

  size_t connectionCount() const;
  std::vector<ReceivedRequest> requests() const;

 private:
  void acceptLoop();
  void serve(int socket, int number);

  Handler handler_;
  std::unique_ptr<TlsContext> tls_;
  int port_ = 0;
  int listener_;
  mutable std::mutex mutex_;
  std::list<ServerConnection*> open_;
  std::vector<std::thread> threads_;
  std::vector<ReceivedRequest> requests_;
  bool stopping_ = false;
  std::thread acceptor_;
};

/// Whole answers as they go over the wire.
std::string answer(int status, const http::Headers& headers, std::string_view body);
/// One chunk of a chunked body; an empty one ends it.
std::string chunk(std::string_view data);
std::string chunkedHead(int status, const http::Headers& headers);

/// A handler that writes the same bytes to every request.
Handler always(std::string bytes);

}  // namespace kvsarchive::test
