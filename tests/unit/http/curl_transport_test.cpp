// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_transport.h"

#include <gtest/gtest.h>

#include "http_test_util.h"
#include "support/log_capture.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::chunk;
using test::chunkedHead;

TEST(CurlTransport, SendsMethodPathHeadersAndBody) {
  FakeHttpServer server(always(answer(200, {}, "")));
  CurlOptions options;
  options.userAgent = "gst-kvs-archive/1";
  CurlTransport transport(options);
  Request request = post(server.url() + "/listFragments", "{\"a\":1}");
  request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}, {"X-Amz-Date", "now"}};
  ASSERT_EQ(fetch(transport, request), "");
  const ReceivedRequest received = server.requests().front();
  EXPECT_EQ(received.method, "POST");
  EXPECT_EQ(received.target, "/listFragments");
  EXPECT_EQ(received.body, "{\"a\":1}");
  EXPECT_EQ(received.header("host"), server.url().substr(7));
  EXPECT_EQ(received.header("content-type"), "application/json");
  EXPECT_EQ(received.header("content-length"), "7");
  EXPECT_EQ(received.header("x-amz-date"), "now");
  EXPECT_EQ(received.header("user-agent"), "gst-kvs-archive/1");
  int unwanted = 0;
  for (const Header& header : received.headers) {
    unwanted += sameHeaderName(header.name, "expect") ||
                sameHeaderName(header.name, "accept-encoding") ||
                sameHeaderName(header.name, "transfer-encoding");
  }
  EXPECT_EQ(unwanted, 0);
}

TEST(CurlTransport, OtherMethods) {
  FakeHttpServer server(always(answer(200, {}, "ok")));
  CurlTransport transport({});
  for (const char* method : {"GET", "PUT", "DELETE"}) {
    Request request = post(server.url() + "/x?y=z", "");
    request.method = method;
    EXPECT_EQ(fetch(transport, request), "ok");
    EXPECT_EQ(server.requests().back().method, method);
    EXPECT_EQ(server.requests().back().target, "/x?y=z");
    EXPECT_EQ(server.requests().back().header("content-type"), "");
  }
}

TEST(CurlTransport, ABigBodyIsSentAtOnce) {
  FakeHttpServer server(always(answer(200, {}, "ok")));
  CurlTransport transport({});
  const std::string body(2'000'000, 'x');
  EXPECT_EQ(fetch(transport, post(server.url(), body)), "ok");
  EXPECT_EQ(server.requests().front().body.size(), body.size());
  EXPECT_EQ(server.requests().front().header("expect"), "");
}

TEST(CurlTransport, AnyStatusIsAnAnswer) {
  for (const int status : {200, 204, 400, 403, 404, 429, 500, 503}) {
    FakeHttpServer server(
        always(answer(status, {{"X-Amzn-RequestId", "id"}}, status == 204 ? "" : "text")));
    CurlTransport transport({});
    const auto exchange = transport.send(post(server.url()));
    const Result<ResponseHead> head = exchange->head(kNever);
    ASSERT_TRUE(head.ok()) << status;
    EXPECT_EQ(head->status, status);
    EXPECT_EQ(findHeader(head->headers, "x-amzn-requestid"), "id");
    EXPECT_EQ(readText(*exchange), status == 204 ? "" : "text");
  }
}

TEST(CurlTransport, HeadMayBeAskedAgain) {
  FakeHttpServer server(always(answer(200, {}, "x")));
  CurlTransport transport({});
  const auto exchange = transport.send(post(server.url()));
  EXPECT_EQ(statusOf(*exchange), 200);
  EXPECT_EQ(statusOf(*exchange), 200);
  EXPECT_EQ(textOf(exchange->read(kNever)), "x");
  EXPECT_EQ(statusOf(*exchange), 200);
}

TEST(CurlTransport, ReadAllIsBounded) {
  FakeHttpServer server(always(answer(200, {}, "0123456789")));
  CurlTransport transport({});
  EXPECT_EQ(textOf(readAll(*transport.send(post(server.url())), 10, kNever)), "0123456789");
  EXPECT_EQ(readAll(*transport.send(post(server.url())), 9, kNever).error().kind,
            ErrorKind::kDecode);
}

TEST(CurlTransport, ConnectionsAreKept) {
  FakeHttpServer server(always(answer(200, {}, "x")));
  CurlTransport transport({});
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(fetch(transport, server.url()), "x");
  }
  EXPECT_EQ(server.requests().size(), 5U);
  EXPECT_EQ(server.connectionCount(), 1U);
}

TEST(CurlTransport, AKeptConnectionThatDiedIsReplaced) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(answer(200, {}, "x"));
    connection.close();
  });
  CurlTransport transport({});
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(fetch(transport, server.url()), "x");
  }
}

TEST(CurlTransport, AnUnreadBodyClosesTheConnection) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(chunkedHead(200, {}) + chunk("x"));
    connection.stall();
    connection.close();
  });
  CurlTransport transport({});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(textOf(transport.send(post(server.url()))->read(kNever)), "x");
  }
  EXPECT_EQ(server.connectionCount(), 3U);
}

TEST(CurlTransport, RedirectsAreNotFollowedAndNothingIsResent) {
  FakeHttpServer other(always(answer(200, {}, "elsewhere")));
  for (const int status : {301, 302, 303, 307, 308}) {
    FakeHttpServer server(always(answer(status, {{"Location", other.url() + "/x"}}, "moved")));
    CurlTransport transport({});
    Request request = post(server.url());
    request.headers = {{"Authorization", "secret"}};
    const auto exchange = transport.send(request);
    EXPECT_EQ(statusOf(*exchange), status);
    EXPECT_EQ(readText(*exchange), "moved");
  }
  EXPECT_EQ(other.connectionCount(), 0U);
}

TEST(CurlTransport, AuthorizationIsSentOnlyWhereItWasSet) {
  FakeHttpServer server(always(answer(401, {{"WWW-Authenticate", "Basic realm=\"x\""}}, "")));
  CurlTransport transport({});
  Request request = post(server.url());
  request.headers = {{"Authorization", "secret"}};
  EXPECT_EQ(statusOf(*transport.send(request)), 401);
  EXPECT_EQ(statusOf(*transport.send(post(server.url()))), 401);
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[0].header("authorization"), "secret");
  EXPECT_EQ(server.requests()[1].header("authorization"), "");
}

TEST(CurlTransport, SecretsReachNoLogLine) {
  const test::LogCapture log;
  const std::string kId = "01234567-89ab-cdef-0123-456789abcdef";
  FakeHttpServer server(always(answer(403, {{"x-amzn-RequestId", kId}}, "denied")));
  {
    CurlTransport transport({});
    Request request = post(server.url() + "/listFragments?X-Amz-Signature=TOPSECRET", "TOPSECRET");
    request.headers = {{"Authorization", "AWS4 TOPSECRET"}, {"X-Amz-Security-Token", "TOPSECRET"}};
    EXPECT_EQ(fetch(transport, request), "denied");
    request.headers.push_back({"X-Bad", "TOPSECRET\r\n"});
    EXPECT_FALSE(transport.send(request)->head(kNever).ok());
  }
  EXPECT_EQ(log.text().find("TOPSECRET"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("curl: "), std::string::npos);
  EXPECT_NE(log.text().find("POST /listFragments"), std::string::npos);
  EXPECT_NE(log.text().find("status 403"), std::string::npos);
  EXPECT_NE(log.text().find("6 bytes, request id " + kId), std::string::npos) << log.text();
}

TEST(CurlTransport, ARequestIdThatEchoesASecretReachesNoLogLine) {
  const test::LogCapture log;
  FakeHttpServer server(always(answer(403, {{"x-amzn-RequestId", "TOPSECRET"}}, "denied")));
  {
    CurlTransport transport({});
    EXPECT_EQ(fetch(transport, server.url()), "denied");
  }
  EXPECT_EQ(log.text().find("TOPSECRET"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("6 bytes, request id that is no UUID"), std::string::npos);
}

TEST(CurlTransport, WhatCantBeSentFailsAtOnce) {
  CurlTransport transport({});
  EXPECT_EQ(transport.send(post("ftp://127.0.0.1/"))->head(kNever).error().kind,
            ErrorKind::kSettings);
  EXPECT_EQ(transport.send(post("no url"))->read(kNever).error().kind, ErrorKind::kSettings);
  Request request = post("http://127.0.0.1:1/");
  request.headers = {{"X", "a\r\nb"}};
  EXPECT_EQ(transport.send(request)->head(kNever).error().kind, ErrorKind::kSettings);
}

TEST(CurlTransport, NobodyListens) {
  CurlTransport transport({});
  const Result<ResponseHead> head = transport.send(post("http://127.0.0.1:1/"))->head(kNever);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, ErrorKind::kOpenRead);
  EXPECT_NE(head.error().message.find("127.0.0.1:1"), std::string::npos) << head.error().message;
}

TEST(CurlTransport, UnknownHost) {
  CurlTransport transport({});
  const auto error = transport.send(post("http://host.invalid/"))->read(kNever).error();
  EXPECT_EQ(error.kind, ErrorKind::kOpenRead);
  EXPECT_NE(error.message.find("host.invalid"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace kvsarchive::http
