// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace kvsarchive::test {

/// Certificate and key of a server, ready for TLS.
class TlsContext {
 public:
  /// With `clientAuthorityPem`: only for clients that show a certificate which it has signed.
  TlsContext(const std::string& certificatePem, const std::string& keyPem,
             const std::string& clientAuthorityPem = {});
  ~TlsContext();
  void* get() const { return context_; }

 private:
  void* context_;
};

/// The server's end of one connection. One thread, but for shutDown().
class ServerConnection {
 public:
  /// Takes the socket over.
  explicit ServerConnection(int socket) : socket_(socket) {}
  ~ServerConnection();
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;

  /// Speaks TLS from here on; closes when that fails.
  void startTls(const TlsContext& tls);
  /// The common name in the certificate that the client has shown; empty = it has shown none.
  std::string clientName() const;

  /// Sends all of it. False when the peer is gone.
  bool write(std::string_view bytes);
  /// Up to `size` bytes; empty when the peer closed.
  std::string read(size_t size);

  /// FIN.
  void close();
  /// RST.
  void reset();
  /// Sends nothing until the peer closes or the server stops.
  void stall();

  /// This connection's thread.
  bool closed() const { return socket_ < 0; }
  /// Any thread: makes reads and writes fail.
  void shutDown();

 private:
  void release();

  std::mutex mutex_;  // held to change or shut down the socket
  int socket_;
  void* ssl_ = nullptr;
};

}  // namespace kvsarchive::test
