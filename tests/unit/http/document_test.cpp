// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/document.h"

#include <gtest/gtest.h>

#include "http_test_util.h"
#include "support/dead_listener.h"

namespace kvsarchive::http {
namespace {

using test::always;
using test::answer;
using test::chunk;
using test::chunkedHead;

constexpr size_t kLargest = size_t{1} << 20;

Request get(const std::string& url) {
  Request request;
  request.method = "GET";
  request.url = url;
  return request;
}

DocumentAttempts attempts(int count, milliseconds pause = milliseconds(1)) {
  DocumentAttempts attempts;
  attempts.count = count;
  attempts.pause = pause;
  return attempts;
}

/// "200 text", or "open: message".
std::string shown(const Result<Document>& document) {
  if (document) {
    return std::to_string(document->head.status) + " " + document->text;
  }
  const ErrorKind kind = document.error().kind;
  const std::string name = kind == ErrorKind::kOpenRead    ? "open"
                           : kind == ErrorKind::kRead      ? "read"
                           : kind == ErrorKind::kDecode    ? "decode"
                           : kind == ErrorKind::kSettings  ? "settings"
                           : kind == ErrorKind::kCancelled ? "cancelled"
                                                           : "other";
  return name + ": " + document.error().message;
}

TEST(FetchDocument, SendsTheRequestAndHandsBackAllOfTheAnswer) {
  const std::string text(300'000, 'x');
  FakeHttpServer server(always(answer(200, {{"X-Thing", "value"}}, text)));
  Request request;
  request.method = "PUT";
  request.url = server.url() + "/path?query";
  request.headers = {{"X-Sent", "this"}};
  request.body = "body";
  const auto document = fetchDocument({}, request, {}, kNever);
  ASSERT_TRUE(document.ok());
  EXPECT_EQ(document->text, text);
  EXPECT_EQ(document->head.status, 200);
  EXPECT_EQ(findHeader(document->head.headers, "x-thing"), "value");
  ASSERT_EQ(server.requests().size(), 1U);
  const ReceivedRequest received = server.requests()[0];
  EXPECT_EQ(received.method + " " + received.target, "PUT /path?query");
  EXPECT_EQ(received.header("X-Sent"), "this");
  EXPECT_EQ(received.body, "body");
}

TEST(FetchDocument, StatusesAreValues) {
  const struct {
    int status;
    size_t requests;
  } cases[] = {{200, 1}, {204, 1}, {301, 1}, {307, 1}, {400, 1}, {401, 1}, {403, 1}, {404, 1},
               {408, 1}, {501, 1}, {429, 3}, {500, 3}, {502, 3}, {503, 3}, {504, 3}};
  for (const auto& c : cases) {
    FakeHttpServer server(always(answer(c.status, {{"Location", "/other"}}, "")));
    EXPECT_EQ(shown(fetchDocument({}, get(server.url()), attempts(3), kNever)),
              std::to_string(c.status) + " ");
    EXPECT_EQ(server.requests().size(), c.requests) << c.status;
    EXPECT_EQ(server.connectionCount(), c.requests) << c.status;  // each has one of its own
  }
}

/// Answers one request after the other; an empty answer closes the connection.
class Script {
 public:
  explicit Script(std::vector<std::string> answers)
      : server_([this, answers = std::move(answers)](const ReceivedRequest&,
                                                     ServerConnection& connection) {
          const size_t index = server_.requests().size() - 1;
          connection.write(index < answers.size() ? answers[index] : answer(200, {}, "end"));
          connection.close();
        }) {}

  std::string url() const { return server_.url(); }
  size_t requests() const { return server_.requests().size(); }

 private:
  FakeHttpServer server_;
};

TEST(FetchDocument, WhatMayPassIsAskedForAgain) {
  const std::string good = answer(200, {}, "good");
  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
  const struct {
    std::vector<std::string> answers;
    int attempts;
    std::string expected;
    size_t requests;
  } cases[] = {
      {{"", "garbage\r\n\r\n", good}, 3, "200 good", 3},
      {{cut, chunkedHead(200, {}) + chunk("abc"), good}, 3, "200 good", 3},
      {{answer(503, {}, "late"), answer(429, {}, "slow"), good}, 3, "200 good", 3},
      {{answer(503, {}, "late"), answer(500, {}, "bad"), good}, 2, "500 bad", 2},
      {{answer(503, {}, "late"), answer(404, {}, "no"), good}, 3, "404 no", 2},
      {{answer(503, {}, "late"), good}, 1, "503 late", 1},
      {{cut, good}, 2, "200 good", 2},
  };
  for (const auto& c : cases) {
    const Script script(c.answers);
    EXPECT_EQ(shown(fetchDocument({}, get(script.url()), attempts(c.attempts), kNever)),
              c.expected);
    EXPECT_EQ(script.requests(), c.requests);
  }
}

TEST(FetchDocument, TheLastAttemptsErrorIsTold) {
  const Script script({"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"});
  const std::string error = shown(fetchDocument({}, get(script.url()), attempts(2), kNever));
  EXPECT_EQ(error.substr(0, 26), "read: the answer from 127.");
  EXPECT_NE(error.find(" broke off after 3 bytes: "), std::string::npos) << error;
  EXPECT_EQ(script.requests(), 2U);
  EXPECT_EQ(shown(fetchDocument({}, get("http://127.0.0.1:1/"), attempts(2), kNever)).substr(0, 33),
            "open: no answer from 127.0.0.1:1:");
}

TEST(FetchDocument, PausesDoubleBetweenAttempts) {
  std::vector<steady_clock::time_point> times;
  FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
    times.push_back(steady_clock::now());
    connection.write(answer(500, {}, ""));
  });
  const auto start = steady_clock::now();
  EXPECT_EQ(shown(fetchDocument({}, get(server.url()), attempts(3, milliseconds(60)), kNever)),
            "500 ");
  ASSERT_EQ(times.size(), 3U);
  EXPECT_GE(times[1] - times[0], milliseconds(60));
  EXPECT_GE(times[2] - times[1], milliseconds(120));
  EXPECT_LT(since(start), seconds(2) * kSlowdown);  // and none behind the last one
}

TEST(FetchDocument, TakesOneMebibyteAndNoMore) {
  const std::string largest(kLargest, 'x');
  FakeHttpServer fits(always(answer(200, {}, largest)));
  EXPECT_EQ(shown(fetchDocument({}, get(fits.url()), {}, kNever)), "200 " + largest);
  for (const bool chunked : {false, true}) {
    FakeHttpServer server(always(chunked ? chunkedHead(200, {}) + chunk(largest) + chunk("x")
                                         : answer(200, {}, largest + "x")));
    EXPECT_EQ(shown(fetchDocument({}, get(server.url()), attempts(3), kNever)),
              "decode: the answer has more than 1 MiB");
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(FetchDocument, AnEndlessAnswerIsGivenUp) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(chunkedHead(200, {}));
    while (connection.write(chunk(std::string(65536, 'x')))) {
    }
  });
  EXPECT_EQ(shown(fetchDocument({}, get(server.url()), attempts(3), kNever)),
            "decode: the answer has more than 1 MiB");
}

TEST(FetchDocument, AnAnswerThatTricklesIsGivenUp) {
  const struct {
    const char *begin, *more;
  } cases[] = {{"HTTP/1.1 200 OK\r\n", "A: b\r\n"},
               {"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", "x"}};
  for (const auto& c : cases) {
    FakeHttpServer server([&](const ReceivedRequest&, ServerConnection& connection) {
      for (bool open = connection.write(c.begin); open; open = connection.write(c.more)) {
        std::this_thread::sleep_for(milliseconds(5));
      }
    });
    CurlOptions network;
    network.connectTimeout = milliseconds(100);
    network.stallTimeout = milliseconds(100);
    DocumentAttempts patience = attempts(2);
    patience.transfer = milliseconds(50);
    const auto document = fetchDocument(network, get(server.url()), patience, kNever);
    ASSERT_FALSE(document.ok());
    EXPECT_NE(document.error().message.find("timed out after"), std::string::npos)
        << document.error().message;
    EXPECT_EQ(document.error().recovery, Recovery::kRetry);
    EXPECT_EQ(server.requests().size(), 2U);
  }
}

TEST(FetchDocument, WhatCantBeSentIsNotTriedAgain) {
  EXPECT_EQ(shown(fetchDocument({}, get("ftp://127.0.0.1/"), attempts(3), kNever)).substr(0, 9),
            "settings:");
  FakeHttpServer server(always(answer(200, {}, "")));
  Request request = get(server.url());
  request.headers = {{"Authorization", "topsecret\r\n"}};
  EXPECT_EQ(shown(fetchDocument({}, request, attempts(3), kNever)),
            "settings: the value of header Authorization has a line break in it");
  EXPECT_EQ(server.connectionCount(), 0U);
}

TEST(FetchDocument, MemoryOfADocumentMovesAndIsEmptied) {
  FakeHttpServer server(always(answer(200, {}, "secret")));
  auto fetched = fetchDocument({}, get(server.url()), {}, kNever);
  const char* const memory = fetched->text.data();
  const Document moved = std::move(*fetched);
  EXPECT_EQ(moved.text, "secret");
  EXPECT_EQ(moved.text.data(), memory);
  EXPECT_TRUE(fetched->text.empty());
}

/// The stages a document can be waited for in.
enum class Stage { kConnect, kTls, kHead, kBody, kPause };

class FetchDocumentCancel : public testing::TestWithParam<Stage> {};

TEST_P(FetchDocumentCancel, EndsItWithinASecond) {
  const test::DeadListener full(test::DeadListener::Queue::kFull);
  FakeHttpServer server([](const ReceivedRequest& request, ServerConnection& connection) {
    if (request.target == "/pause") {
      connection.write(answer(500, {}, ""));
      return;
    }
    if (request.target == "/body") {
      connection.write(chunkedHead(200, {}) + chunk("first"));
    }
    connection.stall();
    connection.close();
  });
  const std::string urls[] = {full.url(), "https" + server.url().substr(4), server.url() + "/head",
                              server.url() + "/body", server.url() + "/pause"};
  CancelToken cancel;
  const auto start = steady_clock::now();
  {
    const DelayedCancel canceller(cancel, milliseconds(50));
    EXPECT_EQ(shown(fetchDocument({}, get(urls[static_cast<int>(GetParam())]),
                                  attempts(3, seconds(60)), cancel)),
              "cancelled: cancelled");
  }
  EXPECT_GE(since(start), milliseconds(50));
  EXPECT_LT(since(start), seconds(1) * kSlowdown);
}

INSTANTIATE_TEST_SUITE_P(Stages, FetchDocumentCancel,
                         testing::Values(Stage::kConnect, Stage::kTls, Stage::kHead, Stage::kBody,
                                         Stage::kPause));

TEST(FetchDocument, CancelledBeforehandItAsksNobody) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.stall();
    connection.close();
  });
  CancelToken cancel;
  cancel.cancel();
  EXPECT_EQ(shown(fetchDocument({}, get(server.url()), {}, cancel)), "cancelled: cancelled");
}

}  // namespace
}  // namespace kvsarchive::http
