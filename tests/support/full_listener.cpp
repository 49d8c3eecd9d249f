// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/full_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kvsarchive::test {

FullListener::FullListener() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  bind(sockets_[0], generic, size);
  listen(sockets_[0], 0);
  getsockname(sockets_[0], generic, &size);
  port_ = ntohs(address.sin_port);
  for (int i = 0; i < 4; ++i) {  // a queue of 0 takes one or two
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(sockets_.back(), generic, size);
  }
}

FullListener::~FullListener() {
  for (const int socket : sockets_) {
    ::close(socket);
  }
}

}  // namespace kvsarchive::test
