// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::Certificate;

/// One authority for all tests; making keys takes time.
const Certificate& authority() {
  static const Certificate certificate = test::makeAuthority();
  return certificate;
}

CurlOptions trusting(const test::TempFile& caFile) {
  CurlOptions options;
  options.caFile = caFile.path();
  return options;
}

class CurlTls : public testing::Test {
 protected:
  CurlTls()
      : certificate_(test::makeServerCertificate(authority(), "IP:127.0.0.1,DNS:localhost")),
        server_(always(answer(200, {}, "hello")), certificate_.certificatePem,
                certificate_.keyPem) {}

  Certificate certificate_;
  FakeHttpServer server_;
};

TEST_F(CurlTls, AGivenAuthorityIsTrusted) {
  const test::TempFile caFile(authority().certificatePem);
  CurlTransport transport(trusting(caFile));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fetch(transport, server_.url()), "hello");
  }
  EXPECT_EQ(server_.connectionCount(), 1U);
}

TEST_F(CurlTls, AnUnknownAuthorityIsRefused) {
  CurlTransport transport({});
  Request request = post(server_.url());
  request.headers = {{"Authorization", "secret"}};
  const Result<ResponseHead> head = transport.send(request)->head(kNever);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, ErrorKind::kOpenRead);
  EXPECT_NE(head.error().message.find("certificate"), std::string::npos) << head.error().message;
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(CurlTls, AnotherAuthorityIsRefused) {
  const test::TempFile caFile(test::makeAuthority().certificatePem);
  CurlTransport transport(trusting(caFile));
  EXPECT_EQ(transport.send(post(server_.url()))->head(kNever).error().kind, ErrorKind::kOpenRead);
}

TEST_F(CurlTls, AWrongHostIsRefused) {
  const Certificate wrong = test::makeServerCertificate(authority(), "DNS:other.example");
  FakeHttpServer server(always(answer(200, {}, "hello")), wrong.certificatePem, wrong.keyPem);
  const test::TempFile caFile(authority().certificatePem);
  CurlTransport transport(trusting(caFile));
  EXPECT_EQ(transport.send(post(server.url()))->head(kNever).error().kind, ErrorKind::kOpenRead);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(CurlTls, ABadCaFileIsASettingsError) {
  const test::TempFile noCertificate("no certificate");
  for (const char* path : {"/nonexistent/ca.pem", noCertificate.path()}) {
    CurlOptions options;
    options.caFile = path;
    CurlTransport transport(options);
    const Error error = transport.send(post(server_.url()))->head(kNever).error();
    EXPECT_EQ(error.kind, ErrorKind::kSettings) << error.message;
    EXPECT_NE(error.message.find(path), std::string::npos) << error.message;
  }
}

TEST_F(CurlTls, ACutConnectionIsAnError) {
  FakeHttpServer server(
      [](const ReceivedRequest&, ServerConnection& connection) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        connection.close();
      },
      certificate_.certificatePem, certificate_.keyPem);
  const test::TempFile caFile(authority().certificatePem);
  CurlTransport transport(trusting(caFile));
  EXPECT_EQ(readAll(*transport.send(post(server.url())), 100, kNever).error().kind,
            ErrorKind::kRead);
}

TEST_F(CurlTls, ALargeBodyPausesAndGoesOn) {
  const std::string body(9'000'000, 'x');
  FakeHttpServer server(always(answer(200, {}, body)), certificate_.certificatePem,
                        certificate_.keyPem);
  const test::TempFile caFile(authority().certificatePem);
  CurlTransport transport(trusting(caFile));
  Request request = post(server.url());
  request.readAhead = 500'000;
  const auto exchange = transport.send(request);
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(readText(*exchange), body);
}

TEST_F(CurlTls, PlainAnswersToTlsAreRefused) {
  FakeHttpServer plain([](const ReceivedRequest&, ServerConnection&) {});
  CurlOptions options;
  options.connectTimeout = milliseconds(200);
  CurlTransport transport(options);
  EXPECT_EQ(transport.send(post("https" + plain.url().substr(4)))->head(kNever).error().kind,
            ErrorKind::kOpenRead);
}

}  // namespace
}  // namespace kvsarchive::http
