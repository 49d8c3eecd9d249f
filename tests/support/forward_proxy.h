// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "support/fake_http_server.h"

namespace kvsarchive::test {

/// An HTTP proxy on 127.0.0.1, for plain requests and for tunnels. Names of hosts mean the server
/// of one port of 127.0.0.1; 127.0.0.1 itself means its own ports.
class ForwardProxy {
 public:
  /// `port`: of the server. `password`: demanded of "user"; empty = none is.
  explicit ForwardProxy(int port, std::string password = {});

  /// "http://127.0.0.1:<port>"
  std::string url() const { return server_.url(); }
  /// As they came to the proxy; none of what is sent through tunnels.
  std::vector<ReceivedRequest> requests() const { return server_.requests(); }
  /// The hosts that were asked for, without repetitions: "kvs.invalid:443 127.0.0.1:8080".
  std::string hosts() const;

 private:
  void handle(const ReceivedRequest& request, ServerConnection& connection) const;
  int portFor(const std::string& authority) const;

  const int port_;
  const std::string password_;
  FakeHttpServer server_;
};

}  // namespace kvsarchive::test
