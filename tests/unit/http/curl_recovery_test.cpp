// SPDX-License-Identifier: LGPL-2.1-or-later
// What may help against each way in which a request can fail.
#include <gtest/gtest.h>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/dead_listener.h"
#include "support/log_capture.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::ScopedEnv;

CurlOptions impatient() {
  CurlOptions options;
  options.connectTimeout = milliseconds(300 * kSlowdown);
  options.stallTimeout = milliseconds(300 * kSlowdown);
  return options;
}

Error errorOf(const std::string& url, const CurlOptions& options = impatient()) {
  CurlTransport transport(options);
  const auto body = readAll(*transport.send(post(url)), 1000, kNever);
  return body ? makeError(ErrorKind::kCancelled, "no error: " + *body) : body.error();
}

/// What comes of a server that writes some bytes and then ends the connection in its way.
Error errorAfter(const std::string& bytes,
                 void (ServerConnection::*end)() = &ServerConnection::close) {
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(bytes);
    (connection.*end)();
  });
  return errorOf(server.url());
}

void expect(const Error& error, ErrorKind kind, Recovery recovery) {
  EXPECT_EQ(error.kind, kind) << error.message;
  EXPECT_EQ(error.recovery, recovery) << error.message;
}

TEST(CurlRecovery, TimeMayHelpAgainstWhatTheNetworkDoes) {
  expect(errorOf("http://127.0.0.1:1/"), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorOf("http://host.invalid/"), ErrorKind::kOpenRead, Recovery::kRetry);
  const test::DeadListener full(test::DeadListener::Queue::kFull);
  expect(errorOf(full.url()), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorAfter(""), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorAfter("HTTP/1.1 200 OK\r\nA: b\r\n"), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorAfter("garbage\r\n\r\n"), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorAfter("HTTP/1.1 200 OK\r\nbad header\r\n\r\n"), ErrorKind::kOpenRead,
         Recovery::kRetry);
  expect(errorAfter("", &ServerConnection::stall), ErrorKind::kOpenRead, Recovery::kRetry);
  expect(errorAfter("", &ServerConnection::reset), ErrorKind::kOpenRead, Recovery::kRetry);
}

/// Libcurl says so, with the URL. In its query may be a token.
TEST(CurlRecovery, AConnectionThatDiedIsReplacedAndTheUrlIsNotLogged) {
  FakeHttpServer server([](const ReceivedRequest& request, ServerConnection& connection) {
    if (request.connection == 0 && request.target == "/?token=secret2") {
      connection.close();
    } else {
      connection.write(answer(200, {}, "x"));
    }
  });
  const test::LogCapture log;
  CurlTransport transport(impatient());
  for (const char* target : {"/?token=secret1", "/?token=secret2"}) {
    Request request = post(server.url() + target);
    request.method = "GET";
    EXPECT_TRUE(readAll(*transport.send(request), 1000, kNever));
  }
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_NE(log.text().find("(a line with an address)"), std::string::npos);
  EXPECT_EQ(log.text().find("secret"), std::string::npos) << log.text();
}

TEST(CurlRecovery, TimeMayHelpAgainstABodyThatBreaksOff) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
  expect(errorAfter(head + "abc"), ErrorKind::kRead, Recovery::kRetry);
  for (const auto end : {&ServerConnection::stall, &ServerConnection::reset}) {
    expect(errorAfter(head + "abc", end), ErrorKind::kRead, Recovery::kRetry);
  }
  const std::string chunked = test::chunkedHead(200, {});
  expect(errorAfter(chunked + test::chunk("abc")), ErrorKind::kRead, Recovery::kRetry);
  expect(errorAfter(chunked + "zz\r\n"), ErrorKind::kRead, Recovery::kRetry);
}

TEST(CurlRecovery, HandshakesAreTriedAgainButNotRefusedCertificates) {
  FakeHttpServer plain([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write("no TLS at all\r\n");
    connection.close();
  });
  expect(errorOf("https" + plain.url().substr(4)), ErrorKind::kOpenRead, Recovery::kRetry);

  const test::Certificate authority = test::makeAuthority();
  const auto wrongHost = test::makeServerCertificate(authority, "DNS:other.example");
  FakeHttpServer server(always(answer(200, {}, "hello")), wrongHost.certificatePem,
                        wrongHost.keyPem);
  CurlOptions patient;
  expect(errorOf(server.url(), patient), ErrorKind::kOpenRead, Recovery::kNone);
  const test::TempFile caFile(authority.certificatePem);
  patient.caFile = caFile.path();
  expect(errorOf(server.url(), patient), ErrorKind::kOpenRead, Recovery::kNone);
}

TEST(CurlRecovery, NothingHelpsAgainstBadSettings) {
  expect(errorOf("ftp://127.0.0.1/"), ErrorKind::kSettings, Recovery::kNone);
  CurlOptions noCa = impatient();
  noCa.caFile = "/nonexistent/ca.pem";
  expect(errorOf("https://127.0.0.1:1/", noCa), ErrorKind::kOpenRead, Recovery::kRetry);
  const test::DeadListener listener(test::DeadListener::Queue::kFree);
  expect(errorOf("https" + listener.url().substr(4), noCa), ErrorKind::kSettings, Recovery::kNone);
}

TEST(CurlRecovery, Proxies) {
  const ScopedEnv all("no_proxy", "");
  const test::LogCapture log;
  {
    const ScopedEnv proxy("http_proxy", "telnet://user:TOPSECRET@127.0.0.1:1");
    const Error error = errorOf("http://host.invalid/");
    expect(error, ErrorKind::kSettings, Recovery::kNone);
    EXPECT_EQ(error.message.find("TOPSECRET"), std::string::npos) << error.message;
  }
  const struct {
    int status;
    Recovery recovery;
  } cases[] = {{407, Recovery::kNone}, {403, Recovery::kNone}, {502, Recovery::kRetry}};
  for (const auto& c : cases) {
    FakeHttpServer proxy(always(answer(c.status, {}, "")));
    const ScopedEnv setting("https_proxy", proxy.url().c_str());
    expect(errorOf("https://host.invalid/"), ErrorKind::kOpenRead, c.recovery);
    ASSERT_EQ(proxy.requests().size(), 1U);
    EXPECT_EQ(proxy.requests()[0].method, "CONNECT");
  }
  const ScopedEnv nobody("http_proxy", "http://127.0.0.1:1");
  expect(errorOf("http://host.invalid/"), ErrorKind::kOpenRead, Recovery::kRetry);
  EXPECT_EQ(log.text().find("TOPSECRET"), std::string::npos) << log.text();
}

}  // namespace
}  // namespace kvsarchive::http
