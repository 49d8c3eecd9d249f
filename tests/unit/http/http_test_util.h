// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "http/curl_transport.h"
#include "support/effort.h"
#include "support/fake_http_server.h"

namespace kvsarchive::http {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using test::FakeHttpServer;
using test::ReceivedRequest;
using test::ServerConnection;

inline const CancelToken kNever;

/// How much longer things may take with sanitizers.
inline constexpr int kSlowdown = test::kSanitized ? 10 : 1;

inline Request post(const std::string& url, const std::string& body = "{}") {
  Request request;
  request.url = url;
  request.body = body;
  return request;
}

/// The body, or the error as text that no body has.
inline std::string textOf(const Result<std::string>& body) {
  return body ? *body : "ERROR: " + body.error().message;
}

inline std::string textOf(const Result<Bytes>& bytes) {
  return bytes ? std::string(bytes->view()) : "ERROR: " + bytes.error().message;
}

/// Reads a whole body that may have at most `limit` bytes.
inline Result<std::string> readAll(Exchange& exchange, size_t limit, const CancelToken& cancel) {
  std::string body;
  while (true) {
    const Result<Bytes> bytes = exchange.read(cancel);
    if (!bytes) {
      return bytes.error();
    }
    if (bytes->empty()) {
      return body;
    }
    if (bytes->size() > limit - body.size()) {
      return makeError(ErrorKind::kDecode,
                       "the answer is longer than " + std::to_string(limit) + " bytes");
    }
    body.append(bytes->view());
  }
}

inline std::string readText(Exchange& exchange) {
  return textOf(readAll(exchange, size_t{1} << 30, kNever));
}

inline std::string fetch(Transport& transport, const Request& request) {
  return readText(*transport.send(request));
}

inline std::string fetch(Transport& transport, const std::string& url) {
  return fetch(transport, post(url));
}

/// 0 when there is no answer.
inline int statusOf(Exchange& exchange) {
  const Result<ResponseHead> head = exchange.head(kNever);
  return head ? head->status : 0;
}

inline milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

/// Cancels a token after a while.
class DelayedCancel {
 public:
  DelayedCancel(CancelToken& token, milliseconds delay)
      : thread_([&token, delay] {
          std::this_thread::sleep_for(delay);
          token.cancel();
        }) {}
  ~DelayedCancel() { thread_.join(); }

 private:
  std::thread thread_;
};

}  // namespace kvsarchive::http
