// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/response_head_parser.h"

#include <gtest/gtest.h>

namespace kvsarchive::http {
namespace {

bool feed(ResponseHeadParser& parser, std::initializer_list<const char*> lines) {
  bool good = true;
  for (const char* line : lines) {
    good = good && parser.addLine(line);
  }
  return good;
}

TEST(ResponseHeadParser, StatusAndHeaders) {
  ResponseHeadParser parser;
  EXPECT_TRUE(feed(parser, {"HTTP/1.1 404 Not Found\r\n", "A:b\r\n", "C:   d  \r\n", "E:\r\n"}));
  EXPECT_FALSE(parser.complete());
  EXPECT_TRUE(feed(parser, {"\r\n"}));
  ASSERT_TRUE(parser.complete());
  EXPECT_EQ(parser.head().status, 404);
  ASSERT_EQ(parser.head().headers.size(), 3U);
  EXPECT_EQ(findHeader(parser.head().headers, "a"), "b");
  EXPECT_EQ(findHeader(parser.head().headers, "c"), "d");
  EXPECT_EQ(findHeader(parser.head().headers, "e"), "");
}

TEST(ResponseHeadParser, InterimAnswersAreLeftOut) {
  ResponseHeadParser parser;
  EXPECT_TRUE(feed(parser, {"HTTP/1.1 100 Continue\r\n", "X: y\r\n", "\r\n"}));
  EXPECT_FALSE(parser.complete());
  EXPECT_TRUE(feed(parser, {"HTTP/1.1 103 Early Hints\r\n", "\r\n", "HTTP/1.0 200\n", "\n"}));
  ASSERT_TRUE(parser.complete());
  EXPECT_EQ(parser.head().status, 200);
  EXPECT_TRUE(parser.head().headers.empty());
}

TEST(ResponseHeadParser, TrailersAreLeftOut) {
  ResponseHeadParser parser;
  EXPECT_TRUE(feed(parser, {"HTTP/1.1 200 OK\r\n", "\r\n", "X-Trailer: y\r\n", "\r\n"}));
  EXPECT_TRUE(parser.head().headers.empty());
}

TEST(ResponseHeadParser, FoldedLinesAreJoined) {
  ResponseHeadParser parser;
  EXPECT_TRUE(feed(parser, {"HTTP/1.1 200 OK\r\n", " lost\r\n", "A: b\r\n", "\tc\r\n", "\r\n"}));
  EXPECT_EQ(findHeader(parser.head().headers, "A"), "b c");
}

TEST(ResponseHeadParser, MalformedStatusLinesAreRefused) {
  for (const char* line : {"HTTP/1.1\r\n", "HTTP/1.1 \r\n", "HTTP/1.1 abc\r\n", "HTTP/1.1 -1 x\r\n",
                           "HTTP/1.1 99 x\r\n", "HTTP/1.1 99999999999999999999 x\r\n"}) {
    ResponseHeadParser parser;
    EXPECT_FALSE(parser.addLine(line)) << line;
  }
}

TEST(ResponseHeadParser, EndlessHeadersAreRefused) {
  ResponseHeadParser parser;
  EXPECT_TRUE(parser.addLine("HTTP/1.1 200 OK\r\n"));
  const std::string line = "X: " + std::string(1000, 'x') + "\r\n";
  size_t lines = 0;
  while (parser.addLine(line)) {
    ASSERT_LT(++lines, 1000U);
  }
  EXPECT_GT(lines, 200U);
}

}  // namespace
}  // namespace kvsarchive::http
