// SPDX-License-Identifier: LGPL-2.1-or-later
// Cancelling and tearing down at every stage of a request.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/dead_listener.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace {
std::atomic<bool> slowLookupMayEnd{false};
}

// Takes libc's place for libcurl: one host name takes for ever to look up.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  if (node != nullptr && std::string_view(node) == "slow.example") {
    while (!slowLookupMayEnd) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return EAI_AGAIN;
  }
  static const auto real =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

namespace kvsarchive::http {
namespace {

using test::chunk;
using test::chunkedHead;

constexpr milliseconds kPrompt{200 * kSlowdown};
constexpr size_t kPausedBytes = size_t{4} << 20;

/// The stages a request can hang in.
enum class Stage { kLookup, kConnect, kTls, kHeaders, kBody, kPaused };

class CurlCancel : public testing::TestWithParam<Stage> {
 protected:
  CurlCancel()
      : server_([](const ReceivedRequest& request, ServerConnection& connection) {
          if (request.target == "/body") {
            connection.write(chunkedHead(200, {}) + chunk("first"));
          } else if (request.target == "/paused") {
            connection.write(chunkedHead(200, {}) + chunk(std::string(kPausedBytes, 'x')));
          }
          connection.stall();
          connection.close();
        }) {
    slowLookupMayEnd = false;
  }
  ~CurlCancel() override {
    if (GetParam() == Stage::kLookup) {
      slowLookupMayEnd = true;
      std::this_thread::sleep_for(milliseconds(50));  // curl's threads end on their own
    }
  }

  std::string url() const {
    switch (GetParam()) {
      case Stage::kLookup:
        return "http://slow.example/";
      case Stage::kConnect:
        return listener_.url();
      case Stage::kTls:
        return "https" + server_.url().substr(4);
      case Stage::kHeaders:
        return server_.url() + "/headers";
      case Stage::kBody:
        return server_.url() + "/body";
      default:
        return server_.url() + "/paused";
    }
  }

  /// A request that hangs in the stage; what comes before it is read.
  std::unique_ptr<Exchange> hang(Transport& transport) const {
    Request request = post(url());
    request.readAhead = 10'000;
    auto exchange = transport.send(request);
    if (GetParam() == Stage::kBody) {
      EXPECT_EQ(textOf(exchange->read(kNever)), "first");
    } else {
      std::this_thread::sleep_for(milliseconds(30));
    }
    return exchange;
  }

  static CurlOptions options() {
    // The system's certificates take libcurl tens of milliseconds to load, in one go.
    static const test::TempFile caFile(test::makeAuthority().certificatePem);
    CurlOptions options;
    options.caFile = caFile.path();
    return options;
  }

  FakeHttpServer server_;
  test::DeadListener listener_{test::DeadListener::Queue::kFull};
};

TEST_P(CurlCancel, WaitingEndsAtOnceAndTheExchangeGoesOn) {
  CurlTransport transport(options());
  const auto exchange = hang(transport);
  for (size_t left = GetParam() == Stage::kPaused ? kPausedBytes : 0; left > 0;) {
    left -= exchange->read(kNever)->size();
  }
  CancelToken cancel;
  const auto start = steady_clock::now();
  {
    const DelayedCancel canceller(cancel, milliseconds(50));
    EXPECT_EQ(exchange->read(cancel).error().kind, ErrorKind::kCancelled);
  }
  EXPECT_LT(since(start), milliseconds(50) + kPrompt);
  EXPECT_EQ(exchange->read(cancel).error().kind, ErrorKind::kCancelled);
  EXPECT_EQ(exchange->head(cancel).error().kind, ErrorKind::kCancelled);
  cancel.reset();
  const DelayedCancel again(cancel, milliseconds(20));
  EXPECT_EQ(exchange->read(cancel).error().kind, ErrorKind::kCancelled);
}

TEST_P(CurlCancel, DestroyingTheExchangeIsPrompt) {
  CurlTransport transport(options());
  auto exchange = hang(transport);
  const auto start = steady_clock::now();
  exchange.reset();
  EXPECT_LT(since(start), kPrompt / 2);
  // The worker is not held up either.
  FakeHttpServer other(test::always(test::answer(200, {}, "x")));
  const auto next = steady_clock::now();
  EXPECT_EQ(fetch(transport, other.url()), "x");
  EXPECT_LT(since(next), kPrompt);
}

TEST_P(CurlCancel, DestroyingExchangeAndTransportIsPrompt) {
  auto transport = std::make_unique<CurlTransport>(options());
  auto exchange = hang(*transport);
  const auto start = steady_clock::now();
  exchange.reset();
  transport.reset();
  EXPECT_LT(since(start), kPrompt);
}

TEST_P(CurlCancel, DestroyingTheTransportFirstFailsTheExchange) {
  auto transport = std::make_unique<CurlTransport>(options());
  const auto exchange = hang(*transport);
  const auto start = steady_clock::now();
  transport.reset();
  EXPECT_LT(since(start), kPrompt);
  Result<Bytes> bytes = exchange->read(kNever);
  while (bytes && !bytes->empty()) {
    bytes = exchange->read(kNever);
  }
  EXPECT_FALSE(bytes.ok());
}

std::string nameOf(const testing::TestParamInfo<Stage>& info) {
  switch (info.param) {
    case Stage::kLookup:
      return "Lookup";
    case Stage::kConnect:
      return "Connect";
    case Stage::kTls:
      return "Tls";
    case Stage::kHeaders:
      return "Headers";
    case Stage::kBody:
      return "Body";
    default:
      return "Paused";
  }
}

INSTANTIATE_TEST_SUITE_P(Stages, CurlCancel,
                         testing::Values(Stage::kLookup, Stage::kConnect, Stage::kTls,
                                         Stage::kHeaders, Stage::kBody, Stage::kPaused),
                         nameOf);

TEST(CurlCancelResume, NothingIsLostByCancelling) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    std::this_thread::sleep_for(milliseconds(30));
    connection.write(chunkedHead(200, {}));
    for (int i = 0; i < 10; ++i) {
      std::this_thread::sleep_for(milliseconds(5));
      connection.write(chunk(std::string(1000, static_cast<char>('a' + i))));
    }
    connection.write(chunk(""));
  });
  CurlTransport transport({});
  const auto exchange = transport.send(post(server.url()));
  std::string body;
  int cancelled = 0;
  while (true) {
    CancelToken cancel;
    const DelayedCancel canceller(cancel, milliseconds(3));
    const Result<Bytes> bytes = exchange->read(cancel);
    if (!bytes) {
      ASSERT_EQ(bytes.error().kind, ErrorKind::kCancelled);
      ++cancelled;
    } else if (bytes->empty()) {
      break;
    } else {
      body.append(bytes->view());
    }
  }
  EXPECT_GT(cancelled, 0);
  ASSERT_EQ(body.size(), 10'000U);
  for (size_t i = 0; i < body.size(); ++i) {
    ASSERT_EQ(body[i], static_cast<char>('a' + i / 1000));
  }
}

TEST(CurlCancelResume, AnUnusedTransportHasNoThreadToJoin) {
  const auto start = steady_clock::now();
  { CurlTransport transport({}); }
  EXPECT_LT(since(start), kPrompt);
}

}  // namespace
}  // namespace kvsarchive::http
