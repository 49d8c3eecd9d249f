// SPDX-License-Identifier: LGPL-2.1-or-later
// Certificates that clients show, and addresses that may not be connected to.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::Certificate;
using test::TempFile;

class CurlClientCertificate : public testing::Test {
 protected:
  static CurlOptions showing(const char* certificate, const char* key) {
    CurlOptions options;
    options.caFile = authorityFile().path();
    options.clientCertificate = certificate;
    options.clientKey = key;
    return options;
  }
  static const Certificate& authority() {
    static const Certificate one = test::makeAuthority();
    return one;
  }
  static const TempFile& authorityFile() {
    static const TempFile file(authority().certificatePem);
    return file;
  }
  static Result<ResponseHead> headFrom(const FakeHttpServer& server, const CurlOptions& options) {
    CurlTransport transport(options);
    return transport.send(post(server.url()))->head(kNever);
  }

  const Certificate certificate_ = test::makeServerCertificate(authority(), "IP:127.0.0.1");
  const Certificate device_ = test::makeClientCertificate(authority(), "device");
  FakeHttpServer server_{always(answer(200, {}, "hello")), certificate_.certificatePem,
                         certificate_.keyPem, authority().certificatePem};
};

TEST_F(CurlClientCertificate, IsShown) {
  const TempFile certificate(device_.certificatePem);
  const TempFile key(device_.keyPem);
  CurlTransport transport(showing(certificate.path(), key.path()));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(fetch(transport, server_.url()), "hello");
  }
  ASSERT_EQ(server_.requests().size(), 2U);
  EXPECT_EQ(server_.requests()[1].clientName, "device");
}

TEST_F(CurlClientCertificate, WithoutOneTheServerRefuses) {
  const auto head = headFrom(server_, showing("", ""));
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, ErrorKind::kOpenRead);
  EXPECT_NE(head.error().message.find("certificate required"), std::string::npos)
      << head.error().message;
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlClientCertificate, OfAnotherAuthorityIsRefused) {
  const Certificate other = test::makeClientCertificate(test::makeAuthority(), "device");
  const TempFile certificate(other.certificatePem);
  const TempFile key(other.keyPem);
  EXPECT_EQ(headFrom(server_, showing(certificate.path(), key.path())).error().kind,
            ErrorKind::kOpenRead);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlClientCertificate, WhatCantBeUsedIsASettingsError) {
  const Certificate other = test::makeClientCertificate(authority(), "other");
  const TempFile certificate(device_.certificatePem);
  const TempFile key(device_.keyPem);
  const TempFile otherKey(other.keyPem);
  const TempFile words("topsecret");
  const std::pair<const char*, const char*> cases[] = {{"/nonexistent/c", key.path()},
                                                       {words.path(), key.path()},
                                                       {certificate.path(), "/nonexistent/k"},
                                                       {certificate.path(), words.path()},
                                                       {certificate.path(), otherKey.path()}};
  for (const auto& [certificatePath, keyPath] : cases) {
    const auto head = headFrom(server_, showing(certificatePath, keyPath));
    ASSERT_FALSE(head.ok());
    EXPECT_EQ(head.error().kind, ErrorKind::kSettings) << head.error().message;
    EXPECT_EQ(head.error().message.find("the client certificate can't be used: "), 0U)
        << head.error().message;
    EXPECT_EQ(head.error().message.find("topsecret"), std::string::npos) << head.error().message;
  }
  EXPECT_TRUE(server_.requests().empty());
}

TEST(CurlMayConnect, IsAskedForEachAddress) {
  FakeHttpServer server(always(answer(200, {}, "hello")));
  const std::string port = ":" + std::to_string(server.port());
  CurlOptions options;
  options.mayConnect = [](const sockaddr& address) { return address.sa_family == AF_INET; };
  CurlTransport allowing(options);
  EXPECT_EQ(fetch(allowing, "http://127.0.0.1" + port), "hello");
  EXPECT_EQ(server.connectionCount(), 1U);

  options.mayConnect = [](const sockaddr&) { return false; };
  CurlTransport refusing(options);
  for (const std::string host : {"127.0.0.1", "localhost", "[::1]"}) {
    const auto head = refusing.send(post("http://" + host + port))->head(kNever);
    ASSERT_FALSE(head.ok());
    EXPECT_EQ(head.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(head.error().message, host + port + " has an address that may not be asked");
    EXPECT_EQ(head.error().recovery, Recovery::kNone);
  }
  EXPECT_EQ(server.connectionCount(), 1U);
}

}  // namespace
}  // namespace kvsarchive::http
