// SPDX-License-Identifier: LGPL-2.1-or-later
// Which hosts a ContainerProvider asks.
#include "aws/container_hosts.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include "container_test_util.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

// Takes libc's place for libcurl: names that lead to addresses which a test chooses.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string name = node != nullptr ? node : "";
  if (name == "loopback.example") {
    return real("127.0.0.1", service, hints, result);
  }
  if (name == "elsewhere.example") {  // reaches this machine, and is no loopback address
    return real("0.0.0.0", service, hints, result);
  }
  const auto both = [&](const char* first, const char* second) {
    const int code = real(first, service, hints, result);
    return code != 0 ? code : real(second, service, hints, &(*result)->ai_next);
  };
  if (name == "first-good.example") {  // nobody listens at the first one
    return both("127.0.0.2", "0.0.0.0");
  }
  if (name == "first-bad.example") {
    return both("0.0.0.0", "127.0.0.1");
  }
  return real(node, service, hints, result);
}

namespace kvsarchive::aws {
namespace {

using test::always;
using test::answer;
using test::FakeHttpServer;
using test::TempFile;

TEST(ContainerProvider, OverHttpOnlyItsHostsAreAsked) {
  FakeHttpServer server(always(answer(200, {}, kKeys)));
  const std::string port = ":" + std::to_string(server.port());
  for (const char* host : {"127.0.0.1", "localhost", "loopback.example"}) {
    EXPECT_EQ(ask({nullptr, ("http://" + (host + port) + "/").c_str()}), kShown) << host;
  }
  EXPECT_EQ(server.connectionCount(), 3U);
  // All of these reach the server if they are asked.
  for (const char* host : {"0.0.0.0", "[::ffff:127.0.0.1]", "elsewhere.example",
                           "first-good.example", "first-bad.example"}) {
    EXPECT_EQ(ask({nullptr, ("HTTP://" + (host + port) + "/").c_str(), "topsecret"}),
              "settings: " + (host + port) +
                  " (AWS_CONTAINER_CREDENTIALS_FULL_URI) may be asked over https only; over http "
                  "this machine, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]");
  }
  EXPECT_EQ(server.connectionCount(), 3U);
}

TEST(ContainerProvider, OverHttpsAnyHostIsAsked) {
  const test::Certificate authority = test::makeAuthority();
  const auto certificate = test::makeServerCertificate(authority, "DNS:elsewhere.example");
  FakeHttpServer server(always(answer(200, {}, kKeys)), certificate.certificatePem,
                        certificate.keyPem);
  const TempFile caFile(authority.certificatePem);
  http::CurlOptions network;
  network.caFile = caFile.path();
  const std::string url = "https://elsewhere.example:" + std::to_string(server.port()) + "/";
  EXPECT_EQ(ask({nullptr, url.c_str(), "token"}, "", network), kShown);
  EXPECT_EQ(ask({nullptr, url.c_str(), "token"}).substr(0, 5), "open:");  // not trusted
  EXPECT_EQ(shown(server.requests()), "GET / [Authorization: token]");
}

TEST(ContainerHosts, AreTheseAndNoOthers) {
  const struct {
    const char* address;
    bool allowed;
  } cases[] = {{"127.0.0.1", true},
               {"127.255.255.255", true},
               {"126.255.255.255", false},
               {"128.0.0.0", false},
               {"0.0.0.0", false},
               {"169.254.170.2", true},
               {"169.254.170.23", true},
               {"169.254.170.3", false},
               {"169.254.169.254", false},
               {"2.170.254.169", false},
               {"192.0.2.1", false},
               {"::1", true},
               {"::", false},
               {"::2", false},
               {"fd00:ec2::23", true},
               {"fd00:ec2::254", false},
               {"fd00:ec2::1:23", false},
               {"::ffff:127.0.0.1", false},
               {"::ffff:192.0.2.1", false}};
  for (const auto& c : cases) {
    sockaddr_storage storage{};
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    if (inet_pton(AF_INET, c.address, &v4.sin_addr) == 1) {
      storage.ss_family = AF_INET;
    } else {
      ASSERT_EQ(inet_pton(AF_INET6, c.address, &v6.sin6_addr), 1) << c.address;
      storage.ss_family = AF_INET6;
    }
    EXPECT_EQ(isContainerHost(reinterpret_cast<sockaddr&>(storage)), c.allowed) << c.address;
  }
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(isContainerHost(local));
}

}  // namespace
}  // namespace kvsarchive::aws
