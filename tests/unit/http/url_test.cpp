// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/url.h"

#include <gtest/gtest.h>

namespace kvsarchive::http {
namespace {

TEST(Url, Parts) {
  struct Case {
    const char *url, *hostHeader, *authority, *path, *query;
  };
  for (const Case& c : {
           Case{"https://a.example", "a.example", "a.example:443", "/", ""},
           Case{"http://a.example:80/x", "a.example", "a.example:80", "/x", ""},
           Case{"https://a.example:443/x", "a.example", "a.example:443", "/x", ""},
           Case{"http://a.example:443/x", "a.example:443", "a.example:443", "/x", ""},
           Case{"http://127.0.0.1:8080/a/b?c=d&e", "127.0.0.1:8080", "127.0.0.1:8080", "/a/b",
                "c=d&e"},
           Case{"http://[::1]:8080/", "[::1]:8080", "[::1]:8080", "/", ""},
           Case{"HTTPS://a.example/%20/x", "a.example", "a.example:443", "/%20/x", ""},
           Case{"http://a.example/a/../b/./c", "a.example", "a.example:80", "/b/c", ""},
       }) {
    const Result<Url> url = parseUrl(c.url);
    ASSERT_TRUE(url.ok()) << c.url << ": " << url.error().message;
    EXPECT_EQ(url->hostHeader, c.hostHeader) << c.url;
    EXPECT_EQ(url->authority, c.authority) << c.url;
    EXPECT_EQ(url->path, c.path) << c.url;
    EXPECT_EQ(url->query, c.query) << c.url;
  }
}

TEST(Url, WhatIsNoAbsoluteHttpUrlIsRefused) {
  for (const char* text :
       {"", "a.example", "//a.example/", "/listFragments", "ftp://a.example", "file:///etc/passwd",
        "http://", "http://a b/", "http://a.example:99999/", "http://a.example:x/",
        "http://a.example/\r\nX: y", "http://a.example/ä", "http://[fe80::1%25eth0]/",
        "https//a.example", "http://user@a.example/", "http://user:secret@a.example/",
        "a.example/?X-Amz-Signature=secret"}) {
    const Result<Url> url = parseUrl(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(url.error().message.find("secret"), std::string::npos);
  }
}

TEST(Url, BaseUrls) {
  struct Case {
    const char *text, *base;
  };
  for (const Case& c : {Case{"https://a.example", "https://a.example"},
                        Case{"https://a.example/", "https://a.example"},
                        Case{"https://a.example:443//", "https://a.example"},
                        Case{"http://127.0.0.1:8080/kvs/v1/", "http://127.0.0.1:8080/kvs/v1"},
                        Case{"http://a.example/a/..", "http://a.example"}}) {
    const Result<std::string> base = parseBaseUrl(c.text);
    ASSERT_TRUE(base.ok()) << base.error().message;
    EXPECT_EQ(*base, c.base);
  }
  EXPECT_FALSE(parseBaseUrl("https://a.example/?x=y").ok());
  EXPECT_FALSE(parseBaseUrl("https://a.example/#x").ok());
  EXPECT_FALSE(parseBaseUrl("a.example").ok());
}

TEST(Url, HostileTextsAreQuotedFitForAMessage) {
  for (const std::string& text : {std::string("http://a.example/\xFF\r\n"),
                                  "http://a.example/\n" + std::string(1 << 20, 'x')}) {
    const Result<Url> url = parseUrl(text);
    ASSERT_FALSE(url.ok());
    EXPECT_LT(url.error().message.size(), 400U);
    EXPECT_EQ(url.error().message.find_first_of("\xFF\r\n"), std::string::npos);
  }
}

TEST(Url, HostsThatArePercentEncodedAreRefused) {
  for (const char* text :
       {"http://%CE.example/", "http://a%7F.example/", "http:/M%CE:222//", "http://a%%41.example/",
        "http://a%25.example/", "http:/%3166", "http://%31.2.3.4/", "http://[fe80::1%eth0]/"}) {
    EXPECT_FALSE(parseUrl(text).ok()) << text;
  }
}

}  // namespace
}  // namespace kvsarchive::http
