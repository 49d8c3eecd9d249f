// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/container_hosts.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace kvsarchive::aws {
namespace {

constexpr uint32_t kLoopbackNet = 127;
constexpr uint32_t kEcs = 0xA9FEAA02;  // 169.254.170.2
constexpr uint32_t kEks = 0xA9FEAA17;  // 169.254.170.23
constexpr in6_addr kEks6 = {{{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x23}}};

}  // namespace

bool isContainerHost(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    const uint32_t host = ntohl(v4.sin_addr.s_addr);
    return host >> 24 == kLoopbackNet || host == kEcs || host == kEks;
  }
  if (address.sa_family == AF_INET6) {
    const in6_addr& host = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&host) || std::memcmp(&host, &kEks6, sizeof host) == 0;
  }
  return false;
}

}  // namespace kvsarchive::aws
