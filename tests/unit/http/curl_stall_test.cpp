// SPDX-License-Identifier: LGPL-2.1-or-later
// Servers that fall silent.
#include <gtest/gtest.h>

#include <atomic>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/dead_listener.h"

namespace kvsarchive::http {
namespace {

using test::answer;
using test::chunk;
using test::chunkedHead;

constexpr milliseconds kStall{200};
constexpr milliseconds kSlack{1500 * kSlowdown};

CurlOptions shortStall() {
  CurlOptions options;
  options.stallTimeout = kStall;
  return options;
}

/// Writes the text to each request, then nothing.
test::Handler thenSilence(const std::string& text) {
  return [text](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(text);
    connection.stall();
    connection.close();
  };
}

void expectStall(const std::string& text, ErrorKind kind) {
  FakeHttpServer server(thenSilence(text));
  CurlTransport transport(shortStall());
  const auto start = steady_clock::now();
  const Result<std::string> body = readAll(*transport.send(post(server.url())), 1000, kNever);
  const milliseconds elapsed = since(start);
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().kind, kind) << body.error().message;
  EXPECT_NE(body.error().message.find("no byte came for 200 ms"), std::string::npos)
      << body.error().message;
  EXPECT_GE(elapsed, kStall);
  EXPECT_LT(elapsed, kStall + kSlack);
}

TEST(CurlStall, BeforeTheHeaders) { expectStall("", ErrorKind::kOpenRead); }

TEST(CurlStall, WithinTheHeaders) {
  expectStall("HTTP/1.1 200 OK\r\nContent-Le", ErrorKind::kOpenRead);
}

TEST(CurlStall, AfterAnInterimAnswer) {
  expectStall("HTTP/1.1 100 Continue\r\n\r\n", ErrorKind::kOpenRead);
}

TEST(CurlStall, AfterTheHeaders) { expectStall(chunkedHead(200, {}), ErrorKind::kRead); }

TEST(CurlStall, WithinTheBody) {
  expectStall(chunkedHead(200, {}) + chunk("abc"), ErrorKind::kRead);
}

TEST(CurlStall, OnAKeptConnection) {
  int count = 0;
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    if (count++ == 0) {
      connection.write(answer(200, {}, "x"));
    } else {
      connection.stall();
      connection.close();
    }
  });
  CurlTransport transport(shortStall());
  EXPECT_EQ(fetch(transport, server.url()), "x");
  std::this_thread::sleep_for(kStall * 2);  // time between requests does not count
  const auto start = steady_clock::now();
  EXPECT_EQ(transport.send(post(server.url()))->head(kNever).error().kind, ErrorKind::kOpenRead);
  EXPECT_GE(since(start), kStall);
  EXPECT_LT(since(start), kStall + kSlack);
}

TEST(CurlStall, AServerThatDoesNotTakeTheRequest) {
  const test::DeadListener listener(test::DeadListener::Queue::kFree);
  CurlTransport transport(shortStall());
  const Request request = post(listener.url(), std::string(size_t{16} << 20, 'x'));
  const auto start = steady_clock::now();
  const auto error = transport.send(request)->head(kNever).error();
  EXPECT_EQ(error.kind, ErrorKind::kOpenRead) << error.message;
  EXPECT_GE(since(start), kStall);
  EXPECT_LT(since(start), kStall + kSlack);
}

TEST(CurlStall, DripsWithinTheTimeAreNoStall) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(chunkedHead(200, {}));
    for (int i = 0; i < 6; ++i) {
      std::this_thread::sleep_for(kStall / 2);
      connection.write(chunk("x"));
    }
    connection.write(chunk(""));
  });
  CurlTransport transport(shortStall());
  EXPECT_EQ(fetch(transport, server.url()), "xxxxxx");
}

TEST(CurlStall, ASlowReaderIsNoStall) {
  const std::string body(4 << 20, 'x');
  FakeHttpServer server(test::always(answer(200, {}, body)));
  CurlTransport transport(shortStall());
  Request request = post(server.url());
  request.readAhead = 100'000;
  const auto exchange = transport.send(request);
  ASSERT_EQ(statusOf(*exchange), 200);
  std::this_thread::sleep_for(kStall * 2);
  EXPECT_EQ(exchange->read(kNever)->size(), size_t{65536});
  std::this_thread::sleep_for(kStall * 2);
  const std::string rest = readText(*exchange);
  EXPECT_EQ(rest.size(), body.size() - 65536);
}

/// A lease that others want when it is told so.
class FakeLease : public Lease {
 public:
  bool isWanted() const override { return wanted; }
  std::atomic<bool> wanted{false};
};

/// Sends a request whose answer nobody reads, and returns what that is told when its lease is let
/// go of, which has to be within `limit`.
Error endOfUnread(const CurlOptions& options, bool wanted, milliseconds limit) {
  const std::string body(4 << 20, 'x');
  FakeHttpServer server(test::always(answer(200, {}, body)));
  CurlTransport transport(options);
  Request request = post(server.url());
  request.readAhead = 100'000;
  const auto lease = std::make_shared<FakeLease>();
  request.lease = lease;
  const auto exchange = transport.send(std::move(request));
  EXPECT_EQ(statusOf(*exchange), 200);
  std::this_thread::sleep_for(milliseconds(50));  // it rests when the lease becomes wanted
  lease->wanted = wanted;
  const auto start = steady_clock::now();
  while (lease.use_count() > 1 && since(start) < limit) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(lease.use_count(), 1);
  const Result<std::string> read = readAll(*exchange, body.size(), kNever);
  return read ? Error() : read.error();
}

TEST(CurlStall, AConnectionThatNobodyReadsIsGivenUp) {
  CurlOptions options = shortStall();
  options.restTimeout = kStall;
  const Error error = endOfUnread(options, false, kStall + kSlack);
  EXPECT_EQ(error.kind, ErrorKind::kRead);
  EXPECT_EQ(error.recovery, Recovery::kResume);
}

TEST(CurlStall, AConnectionThatOthersWantIsGivenUpSooner) {
  const Error error = endOfUnread(CurlOptions(), true, milliseconds(5'000));
  EXPECT_EQ(error.kind, ErrorKind::kRead);
  EXPECT_EQ(error.recovery, Recovery::kResume);
}

TEST(CurlStall, AfterAPauseTheClockStartsAnew) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(chunkedHead(200, {}) + chunk(std::string(3 << 20, 'x')));
    connection.stall();
    connection.close();
  });
  CurlTransport transport(shortStall());
  Request request = post(server.url());
  request.readAhead = 100'000;
  const auto exchange = transport.send(request);
  std::this_thread::sleep_for(kStall * 2);
  const auto start = steady_clock::now();
  const Result<std::string> body = readAll(*exchange, 10 << 20, kNever);
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().kind, ErrorKind::kRead);
  EXPECT_GE(since(start), kStall);
  EXPECT_LT(since(start), kStall + kSlack);
}

TEST(CurlStall, ConnectTimeout) {
  const test::DeadListener listener(test::DeadListener::Queue::kFull);
  CurlOptions options;
  options.connectTimeout = milliseconds(300);
  CurlTransport transport(options);
  const auto start = steady_clock::now();
  const Result<ResponseHead> head = transport.send(post(listener.url()))->head(kNever);
  ASSERT_FALSE(head.ok());
  EXPECT_EQ(head.error().kind, ErrorKind::kOpenRead);
  EXPECT_GE(since(start), milliseconds(295));
  EXPECT_LT(since(start), milliseconds(300) + kSlack);
}

TEST(CurlStall, TheTlsHandshakeCountsAsConnecting) {
  FakeHttpServer server(thenSilence(""));  // plain, and waits for the end of a request
  CurlOptions options;
  options.connectTimeout = milliseconds(300);
  CurlTransport transport(options);
  const auto start = steady_clock::now();
  const auto url = "https" + server.url().substr(4);
  EXPECT_EQ(transport.send(post(url))->head(kNever).error().kind, ErrorKind::kOpenRead);
  EXPECT_GE(since(start), milliseconds(295));
  EXPECT_LT(since(start), milliseconds(300) + kSlack);
}

}  // namespace
}  // namespace kvsarchive::http
