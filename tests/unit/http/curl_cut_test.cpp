// SPDX-License-Identifier: LGPL-2.1-or-later
// Answers that are cut, malformed, or unusual but legal.
#include <gtest/gtest.h>

#include "http/curl_transport.h"
#include "http_test_util.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::chunk;
using test::chunkedHead;

enum class Ending { kClose, kReset };

/// Sends the first `length` bytes of `bytes`, then ends the connection.
test::Handler cutAfter(const std::string& bytes, size_t length, Ending ending) {
  return [=](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(std::string_view(bytes).substr(0, length));
    if (ending == Ending::kReset) {
      // A reset overtakes what was sent before it; let that arrive first.
      std::this_thread::sleep_for(milliseconds(5));
      connection.reset();
    } else {
      connection.close();
    }
  };
}

/// All bytes that came, then the error that ended them.
struct Outcome {
  bool hasHead = false;
  std::string body;
  Result<Bytes> last = Bytes();
};

Outcome receive(const std::string& url) {
  CurlTransport transport({});
  const auto exchange = transport.send(post(url));
  Outcome outcome;
  outcome.hasHead = exchange->head(kNever).ok();
  while (true) {
    outcome.last = exchange->read(kNever);
    if (!outcome.last || outcome.last->empty()) {
      return outcome;
    }
    outcome.body.append(outcome.last->view());
  }
}

/// Cuts `bytes` after each byte; `wholeBody` is what all of it carries.
void cutEverywhere(const std::string& bytes, const std::string& wholeBody, Ending ending) {
  const size_t headSize = bytes.find("\r\n\r\n") + 4;
  // A chunked body is proven whole before its very last line feed.
  const bool isChunked = bytes.find("chunked") != std::string::npos;
  for (size_t length = 0; length < bytes.size() - (isChunked ? 1 : 0); ++length) {
    SCOPED_TRACE("cut after " + std::to_string(length) + " bytes");
    FakeHttpServer server(cutAfter(bytes, length, ending));
    const Outcome outcome = receive(server.url());
    ASSERT_FALSE(outcome.last.ok());
    EXPECT_EQ(outcome.hasHead, length >= headSize);
    EXPECT_EQ(outcome.last.error().kind,
              length >= headSize ? ErrorKind::kRead : ErrorKind::kOpenRead);
    EXPECT_EQ(outcome.body, wholeBody.substr(0, outcome.body.size()));
    EXPECT_NE(outcome.last.error().message.find("127.0.0.1:"), std::string::npos);
  }
  FakeHttpServer server(cutAfter(bytes, bytes.size(), Ending::kClose));
  const Outcome outcome = receive(server.url());
  EXPECT_TRUE(outcome.last.ok()) << outcome.last.error().message;
  EXPECT_EQ(outcome.body, wholeBody);
}

const std::string kContentLengthAnswer = answer(200, {{"Content-Type", "x/y"}}, "0123456789abcdef");
const std::string kChunkedAnswer =
    chunkedHead(200, {{"Content-Type", "x/y"}}) + chunk("01234567") + chunk("89abcdef") + chunk("");

TEST(CurlCut, ContentLengthClosed) {
  cutEverywhere(kContentLengthAnswer, "0123456789abcdef", Ending::kClose);
}

TEST(CurlCut, ContentLengthReset) {
  cutEverywhere(kContentLengthAnswer, "0123456789abcdef", Ending::kReset);
}

TEST(CurlCut, ChunkedClosed) { cutEverywhere(kChunkedAnswer, "0123456789abcdef", Ending::kClose); }

TEST(CurlCut, ChunkedReset) { cutEverywhere(kChunkedAnswer, "0123456789abcdef", Ending::kReset); }

TEST(CurlCut, WhatCameBeforeTheCutIsDelivered) {
  FakeHttpServer server(
      cutAfter(kContentLengthAnswer, kContentLengthAnswer.size() - 3, Ending::kClose));
  const Outcome outcome = receive(server.url());
  EXPECT_EQ(outcome.body, "0123456789abc");
  EXPECT_EQ(outcome.last.error().kind, ErrorKind::kRead);
  EXPECT_NE(outcome.last.error().message.find("after 13 bytes"), std::string::npos)
      << outcome.last.error().message;
}

TEST(CurlCut, MoreDataThanAnnouncedIsDropped) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcdefgh");
  });
  CurlTransport transport({});
  EXPECT_EQ(fetch(transport, server.url()), "abcd");
  EXPECT_EQ(fetch(transport, server.url()), "abcd");
}

TEST(CurlCut, UnusualButLegalAnswers) {
  struct Case {
    const char *name, *bytes, *body;
  };
  for (const Case& c : {
           Case{"HTTP/1.0 until close", "HTTP/1.0 200 OK\r\n\r\nabc", "abc"},
           Case{"HTTP/1.0 with length", "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", "abc"},
           Case{"HTTP/1.1 until close", "HTTP/1.1 200 OK\r\n\r\nabc", "abc"},
           Case{"no reason", "HTTP/1.1 200\r\nContent-Length: 3\r\n\r\nabc", "abc"},
           Case{"bare LF", "HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", "abc"},
           Case{"100 first",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
                "abc"},
           Case{"103 with headers first",
                "HTTP/1.1 103 Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
                "3\r\n\r\nabc",
                "abc"},
           Case{"headers in any case",
                "HTTP/1.1 200 OK\r\ntRANSFER-eNCODING: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
                "abc"},
           Case{"chunk extension and trailers",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nX-T: "
                "1\r\n\r\n",
                "abc"},
           Case{"empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
           Case{"empty chunked body",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""},
       }) {
    FakeHttpServer server(cutAfter(c.bytes, std::string::npos, Ending::kClose));
    CurlTransport transport({});
    const auto exchange = transport.send(post(server.url()));
    EXPECT_EQ(statusOf(*exchange), 200) << c.name;
    EXPECT_EQ(readText(*exchange), c.body) << c.name;
  }
}

TEST(CurlCut, TrailersAreNoHeaders) {
  FakeHttpServer server(always(chunkedHead(200, {}) + "1\r\nx\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  CurlTransport transport({});
  const auto exchange = transport.send(post(server.url()));
  EXPECT_EQ(readText(*exchange), "x");
  EXPECT_EQ(findHeader(exchange->head(kNever)->headers, "X-Trailer"), "");
}

TEST(CurlCut, MalformedAnswers) {
  for (const char* bytes :
       {"garbage\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 99 x\r\n\r\n", "\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nx\r\n",
        "SSH-2.0-OpenSSH\r\n"}) {
    FakeHttpServer server(cutAfter(bytes, std::string::npos, Ending::kClose));
    CurlTransport transport({});
    const auto exchange = transport.send(post(server.url()));
    const Result<std::string> body = readAll(*exchange, 1000, kNever);
    ASSERT_FALSE(body.ok()) << bytes;
    EXPECT_TRUE(body.error().kind == ErrorKind::kOpenRead || body.error().kind == ErrorKind::kRead);
  }
}

TEST(CurlCut, EndlessHeadersEnd) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    bool open = connection.write("HTTP/1.1 200 OK\r\n");
    while (open) {
      open = connection.write("X-Header: " + std::string(900, 'x') + "\r\n");
    }
    connection.close();
  });
  CurlTransport transport({});
  const Error error = transport.send(post(server.url()))->head(kNever).error();
  EXPECT_EQ(error.kind, ErrorKind::kOpenRead);
}

}  // namespace
}  // namespace kvsarchive::http
