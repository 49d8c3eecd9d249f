// SPDX-License-Identifier: LGPL-2.1-or-later
// Large bodies, back-pressure, and several requests at once.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>

#include "http/curl_transport.h"
#include "http_test_util.h"
#include "support/effort.h"
#include "support/log_capture.h"

namespace kvsarchive::http {
namespace {

using test::answer;
using test::chunk;
using test::chunkedHead;

/// Byte at a position of the test body: no period that could hide a slip.
char byteAt(uint64_t position) {
  uint64_t x = position / 8 * 0x9E3779B97F4A7C15U;
  x ^= x >> 29;
  return static_cast<char>(x >> (position % 8 * 8));
}

std::string patternBlock(uint64_t start, size_t size) {
  std::string block(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    block[i] = byteAt(start + i);
  }
  return block;
}

/// Serves the size that the path names, in chunks of odd sizes.
test::Handler servePattern() {
  return [](const ReceivedRequest& request, ServerConnection& connection) {
    const uint64_t size = std::strtoull(request.target.c_str() + 1, nullptr, 10);
    connection.write(chunkedHead(200, {}));
    uint64_t sent = 0;
    for (size_t round = 0; sent < size; ++round) {
      const size_t next = std::min<uint64_t>(size - sent, 1 + (round * 7919) % 300'000);
      if (!connection.write(chunk(patternBlock(sent, next)))) {
        return;
      }
      sent += next;
    }
    connection.write(chunk(""));
  };
}

/// Reads the pattern to its end; returns how much of it was right.
uint64_t readPattern(Exchange& exchange, const std::function<void()>& betweenReads) {
  uint64_t position = 0;
  while (true) {
    const Result<Bytes> bytes = exchange.read(kNever);
    if (!bytes || bytes->empty()) {
      EXPECT_TRUE(bytes.ok()) << bytes.error().message;
      return position;
    }
    for (const char c : bytes->view()) {
      if (c != byteAt(position)) {
        ADD_FAILURE() << "wrong byte at " << position;
        return position;
      }
      ++position;
    }
    betweenReads();
  }
}

TEST(CurlFlow, ALargeBodyThroughASmallWindow) {
  FakeHttpServer server(servePattern());
  constexpr uint64_t kSize = test::effort(64'000'001);
  for (const size_t readAhead : {size_t{1}, size_t{1} << 20}) {
    CurlTransport transport({});
    Request request = post(server.url() + "/" + std::to_string(kSize));
    request.readAhead = readAhead;
    const auto exchange = transport.send(request);
    EXPECT_EQ(readPattern(*exchange, [] {}), kSize);
  }
}

TEST(CurlFlow, NoMoreIsBufferedThanAllowed) {
  FakeHttpServer server(servePattern());
  constexpr size_t kReadAhead = 1 << 20;
  const test::LogCapture log;
  {
    CurlTransport transport({});
    Request request = post(server.url() + "/8000001");
    request.readAhead = kReadAhead;
    const auto exchange = transport.send(request);
    ASSERT_EQ(statusOf(*exchange), 200);
    std::this_thread::sleep_for(milliseconds(300 * kSlowdown));
  }
  // The line about the end of the request says how much was taken from libcurl.
  const std::string text = log.text();
  const size_t end = text.find(" bytes, request id");
  ASSERT_NE(end, std::string::npos) << text;
  const size_t start = text.rfind(' ', end - 1) + 1;
  const size_t taken = std::strtoull(text.c_str() + start, nullptr, 10);
  EXPECT_GT(taken, kReadAhead);
  EXPECT_LE(taken, kReadAhead + (64 << 10));
}

TEST(CurlFlow, PausesOfTheReaderLoseNothing) {
  FakeHttpServer server(servePattern());
  constexpr uint64_t kSize = 3'000'000;
  CurlTransport transport({});
  Request request = post(server.url() + "/" + std::to_string(kSize));
  request.readAhead = 100'000;
  const auto exchange = transport.send(request);
  int round = 0;
  EXPECT_EQ(readPattern(*exchange, [&] { std::this_thread::sleep_for(milliseconds(++round % 3)); }),
            kSize);
}

TEST(CurlFlow, SuccessiveReadsAdjoin) {
  FakeHttpServer server(servePattern());
  CurlTransport transport({});
  const auto exchange = transport.send(post(server.url() + "/5000000"));
  Result<Bytes> last = exchange->read(kNever);
  int slabs = 1;
  while (true) {
    const Result<Bytes> next = exchange->read(kNever);
    ASSERT_TRUE(next.ok());
    if (next->empty()) {
      break;
    }
    slabs += last->adjoins(*next) ? 0 : 1;
    last = next;
  }
  // One small slab, then five of 1 MiB.
  EXPECT_LE(slabs, 6);
}

TEST(CurlFlow, SixteenAtOnce) {
  FakeHttpServer server(servePattern());
  CurlTransport transport({});
  const auto sizeOf = [](size_t i) { return 1'000'000 + i * 100'003; };
  std::vector<std::unique_ptr<Exchange>> exchanges;
  for (size_t i = 0; i < 16; ++i) {
    Request request = post(server.url() + "/" + std::to_string(sizeOf(i)));
    request.readAhead = 200'000;  // so that none is over before all have begun
    exchanges.push_back(transport.send(request));
  }
  std::vector<std::thread> readers;
  for (size_t i = 0; i < exchanges.size(); ++i) {
    readers.emplace_back([&, i] { EXPECT_EQ(readPattern(*exchanges[i], [] {}), sizeOf(i)); });
  }
  for (std::thread& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(server.connectionCount(), 16U);
}

TEST(CurlFlow, OneReaderOfManyExchanges) {
  FakeHttpServer server(servePattern());
  CurlTransport transport({});
  std::vector<std::unique_ptr<Exchange>> exchanges;
  for (int i = 0; i < 8; ++i) {
    Request request = post(server.url() + "/2000000");
    request.readAhead = 300'000;
    exchanges.push_back(transport.send(request));
  }
  for (const auto& exchange : exchanges) {
    EXPECT_EQ(readPattern(*exchange, [] {}), 2'000'000U);
  }
}

TEST(CurlFlow, ThreadsSendAndDropAtRandom) {
  FakeHttpServer server(servePattern());
  CurlTransport transport({});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 25; ++round) {
        Request request = post(server.url() + "/300000");
        request.readAhead = 50'000;
        const auto exchange = transport.send(request);
        if ((round + t) % 3 != 0) {
          EXPECT_TRUE(exchange->read(kNever).ok());
        }
        if ((round + t) % 3 == 2) {
          readText(*exchange);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

TEST(CurlFlow, WaitingCostsNoCpu) {
  FakeHttpServer server([](const ReceivedRequest&, ServerConnection& connection) {
    connection.write(chunkedHead(200, {}) + chunk(std::string(2 << 20, 'x')));
    std::this_thread::sleep_for(milliseconds(500));
    connection.write(chunk(""));
  });
  CurlTransport transport({});
  Request pausing = post(server.url());
  pausing.readAhead = 1000;
  const auto paused = transport.send(pausing);
  const auto waiting = transport.send(post(server.url()));
  EXPECT_EQ(statusOf(*paused), 200);
  EXPECT_EQ(statusOf(*waiting), 200);
  std::this_thread::sleep_for(milliseconds(100));
  rusage before{};
  rusage after{};
  getrusage(RUSAGE_SELF, &before);
  std::this_thread::sleep_for(milliseconds(300));
  getrusage(RUSAGE_SELF, &after);
  const auto micros = [](const rusage& usage) {
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  };
  EXPECT_LT(micros(after) - micros(before), 50'000);
}

}  // namespace
}  // namespace kvsarchive::http
