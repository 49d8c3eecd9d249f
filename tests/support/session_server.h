// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

#include "support/fake_http_server.h"

namespace kvsarchive::test {

/// A service that opens sessions, and keeps what it was asked for them with. Their manifests name
/// nothing to play.
class SessionServer {
 public:
  SessionServer();

  std::string url() const { return server_.url(); }
  /// Bodies of the last request for a session; empty if there was none.
  std::string sessionRequest() const;
  size_t requestCount() const { return server_.requests().size(); }
  /// In place of a manifest. Before the first request, as the next one.
  void answerManifestsWith(int status, std::string body);
  void tellUrl(std::string url) { toldUrl_ = std::move(url); }

  /// What it answered to the last one.
  std::string sessionUrl() const;
  std::string manifest() const;
  /// The secret in sessionUrl().
  static const char* token();

 private:
  bool isDash() const;
  void handle(const ReceivedRequest& request, ServerConnection& connection);

  int status_ = 200;
  std::string body_;
  std::string toldUrl_;
  FakeHttpServer server_;
};

}  // namespace kvsarchive::test
