// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/dead_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kvsarchive::test {

DeadListener::DeadListener(Queue queue) {
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
  const int fillers = queue == Queue::kFull ? 4 : 0;  // a queue of 0 takes one or two
  for (int i = 0; i < fillers; ++i) {
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    connect(sockets_.back(), generic, size);
  }
}

DeadListener::~DeadListener() {
  for (const int socket : sockets_) {
    ::close(socket);
  }
}

}  // namespace kvsarchive::test
