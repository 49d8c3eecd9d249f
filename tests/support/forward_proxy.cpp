// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/forward_proxy.h"

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace kvsarchive::test {
namespace {

/// The connection to the server behind the proxy.
class Upstream {
 public:
  explicit Upstream(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    isOpen_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Upstream() { ::close(socket_); }
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  bool isOpen() const { return isOpen_; }

  bool write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) {
        return false;
      }
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  /// Hands on what comes until one side ends.
  void copyTo(ServerConnection& connection) const {
    char bytes[16384];
    for (;;) {
      const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
      if (size <= 0 || !connection.write({bytes, static_cast<size_t>(size)})) {
        return;
      }
    }
  }

  void shutDown() const { ::shutdown(socket_, SHUT_RDWR); }

 private:
  const int socket_;
  bool isOpen_ = false;
};

/// Both ways, until one side ends.
void relay(const Upstream& upstream, ServerConnection& connection) {
  std::thread back([&] {
    upstream.copyTo(connection);
    connection.shutDown();
  });
  for (std::string bytes = connection.read(16384); !bytes.empty() && upstream.write(bytes);) {
    bytes = connection.read(16384);
  }
  upstream.shutDown();
  back.join();
}

/// The same request, as a server gets it.
std::string forwarded(const ReceivedRequest& request, const std::string& path) {
  std::string text = request.method + " " + path + " HTTP/1.1\r\n";
  for (const http::Header& header : request.headers) {
    if (header.name.rfind("Proxy-", 0) != 0) {
      text += header.name + ": " + header.value + "\r\n";
    }
  }
  return text + "Connection: close\r\n\r\n" + request.body;
}

std::string authorityOf(const ReceivedRequest& request) {
  constexpr std::string_view kScheme = "http://";
  if (request.method == "CONNECT") {
    return request.target;
  }
  return request.target.substr(kScheme.size(),
                               request.target.find('/', kScheme.size()) - kScheme.size());
}

}  // namespace

ForwardProxy::ForwardProxy(int port, std::string password)
    : port_(port),
      password_(std::move(password)),
      server_([this](const ReceivedRequest& request, ServerConnection& connection) {
        handle(request, connection);
        connection.close();
      }) {}

std::string ForwardProxy::hosts() const {
  std::string hosts;
  for (const ReceivedRequest& request : requests()) {
    const std::string host = authorityOf(request);
    if ((" " + hosts + " ").find(" " + host + " ") == std::string::npos) {
      hosts += (hosts.empty() ? "" : " ") + host;
    }
  }
  return hosts;
}

int ForwardProxy::portFor(const std::string& authority) const {
  constexpr std::string_view kLoopback = "127.0.0.1:";
  return authority.rfind(kLoopback, 0) == 0 ? std::stoi(authority.substr(kLoopback.size())) : port_;
}

void ForwardProxy::handle(const ReceivedRequest& request, ServerConnection& connection) const {
  const std::string user = "user:" + password_;
  g_autofree gchar* encoded =
      g_base64_encode(reinterpret_cast<const guchar*>(user.data()), user.size());
  if (!password_.empty() &&
      request.header("Proxy-Authorization") != std::string("Basic ") + encoded) {
    connection.write(answer(407, {{"Proxy-Authenticate", "Basic realm=\"x\""}}, ""));
    return;
  }
  const std::string authority = authorityOf(request);
  const Upstream upstream(portFor(authority));
  if (!upstream.isOpen()) {
    connection.write(answer(502, {}, ""));
  } else if (request.method == "CONNECT") {
    connection.write("HTTP/1.1 200 Connected\r\n\r\n");
    relay(upstream, connection);
  } else {
    upstream.write(forwarded(request, request.target.substr(7 + authority.size())));
    relay(upstream, connection);
  }
}

}  // namespace kvsarchive::test
