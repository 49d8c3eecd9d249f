// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/fake_http_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>

namespace kvsarchive::test {
namespace {

/// Reads requests off one connection.
class RequestReader {
 public:
  explicit RequestReader(ServerConnection& connection) : connection_(connection) {}

  std::optional<ReceivedRequest> next() {
    const std::optional<std::string> head = takeUntil("\r\n\r\n");
    if (!head) {
      return std::nullopt;
    }
    ReceivedRequest request = parseHead(*head);
    const std::string length = request.header("Content-Length");
    size_t size = 0;
    std::from_chars(length.data(), length.data() + length.size(), size);
    while (buffer_.size() < size) {
      const std::string more = connection_.read(65536);
      if (more.empty()) {
        return std::nullopt;
      }
      buffer_ += more;
    }
    request.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return request;
  }

 private:
  std::optional<std::string> takeUntil(std::string_view end) {
    size_t position = 0;
    while ((position = buffer_.find(end)) == std::string::npos) {
      const std::string more = connection_.read(65536);
      if (more.empty()) {
        return std::nullopt;
      }
      buffer_ += more;
    }
    std::string taken = buffer_.substr(0, position + 2);
    buffer_.erase(0, position + end.size());
    return taken;
  }

  static ReceivedRequest parseHead(const std::string& head) {
    ReceivedRequest request;
    const size_t methodEnd = head.find(' ');
    const size_t targetEnd = head.find(' ', methodEnd + 1);
    request.method = head.substr(0, methodEnd);
    request.target = head.substr(methodEnd + 1, targetEnd - methodEnd - 1);
    size_t start = head.find("\r\n") + 2;
    while (start < head.size()) {
      const size_t end = head.find("\r\n", start);
      const size_t colon = head.find(':', start);
      const size_t value = head.find_first_not_of(' ', colon + 1);
      request.headers.push_back(
          {head.substr(start, colon - start), value < end ? head.substr(value, end - value) : ""});
      start = end + 2;
    }
    return request;
  }

  ServerConnection& connection_;
  std::string buffer_;
};

int listenOnLoopback(int* port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener, 128) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::perror("fake server");
  }
  *port = ntohs(address.sin_port);
  return listener;
}

void blockSigPipe() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

FakeHttpServer::FakeHttpServer(Handler handler, const std::string& certificate,
                               const std::string& key, const std::string& clientAuthority)
    : handler_(std::move(handler)), listener_(listenOnLoopback(&port_)) {
  if (!certificate.empty()) {
    tls_ = std::make_unique<TlsContext>(certificate, key, clientAuthority);
  }
  acceptor_ = std::thread(&FakeHttpServer::acceptLoop, this);
}

FakeHttpServer::~FakeHttpServer() {
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (ServerConnection* connection : open_) {
      connection->shutDown();
    }
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

std::string FakeHttpServer::url() const {
  return std::string(tls_ ? "https" : "http") + "://127.0.0.1:" + std::to_string(port_);
}

size_t FakeHttpServer::connectionCount() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

std::vector<ReceivedRequest> FakeHttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeHttpServer::acceptLoop() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) {
      return;
    }
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock(mutex_);
    const int number = static_cast<int>(threads_.size());
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void FakeHttpServer::serve(int socket, int number) {
  blockSigPipe();
  ServerConnection connection(socket);
  std::list<ServerConnection*>::iterator position;
  {
    const std::lock_guard lock(mutex_);
    position = open_.insert(open_.end(), &connection);
    if (stopping_) {
      connection.shutDown();
    }
  }
  if (tls_) {
    connection.startTls(*tls_);
  }
  RequestReader reader(connection);
  while (!connection.closed()) {
    std::optional<ReceivedRequest> request = reader.next();
    if (!request) {
      break;
    }
    request->connection = number;
    request->clientName = connection.clientName();
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
    }
    handler_(*request, connection);
  }
  const std::lock_guard lock(mutex_);
  open_.erase(position);
}

std::string answer(int status, const http::Headers& headers, std::string_view body) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  for (const http::Header& header : headers) {
    text += header.name + ": " + header.value + "\r\n";
  }
  text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return text.append(body);
}

std::string chunk(std::string_view data) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + std::string(data) + "\r\n";
}

std::string chunkedHead(int status, const http::Headers& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  for (const http::Header& header : headers) {
    text += header.name + ": " + header.value + "\r\n";
  }
  return text + "Transfer-Encoding: chunked\r\n\r\n";
}

Handler always(std::string bytes) {
  return [bytes = std::move(bytes)](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(bytes);
  };
}

}  // namespace kvsarchive::test
