// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/request_log.h"

namespace kvsemulator {

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;  ///< 0 = any free
  std::string tlsCertificate;
  std::string tlsKey;
};

/// Answers a request; the entry is for what the log shall tell of it.
using RequestHandler = std::function<Reply(const Request& request, LogEntry& entry)>;

/// The HTTP/1.1 server. All its work is done on the default main context.
class Server {
 public:
  Server(RequestHandler handler, RequestLog& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Returns the URL it listens at. Errors: address in use, bad certificate.
  Result<std::string> listen(const ServerOptions& options);

 private:
  static void onRequest(SoupServer* server, SoupServerMessage* message, const char* path,
                        GHashTable* query, gpointer self);
  uint64_t connectionOf(SoupServerMessage* message);

  RequestHandler handler_;
  RequestLog& log_;
  SoupServer* server_;
  std::string scheme_ = "http";
  uint64_t connections_ = 0;
};

}  // namespace kvsemulator
