// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "aws/canonical_request.h"
#include "base/iso8601.h"
#include "base/json_document.h"

namespace kvsarchive::aws {
namespace {

std::string text(const JsonObjectView& object, const char* member) {
  const Result<std::string> value = object.optionalString(member);
  return value ? *value : "ERROR: " + value.error().message;
}

void checkVector(const JsonObjectView& vector) {
  SCOPED_TRACE(text(vector, "name"));
  const Credentials credentials(text(vector, "accessKey"), text(vector, "secretKey"),
                                text(vector, "token"));
  const SigningScope scope{text(vector, "region"), "kinesisvideo",
                           *parseIso8601(text(vector, "time"))};
  http::Request request;
  request.url = text(vector, "url");
  request.headers = {{"Content-Type", "application/json"}};
  request.body = text(vector, "body");
  ASSERT_TRUE(sign(request, credentials, scope).ok());
  EXPECT_EQ(http::findHeader(request.headers, "authorization"), text(vector, "authorization"));
  EXPECT_EQ(http::findHeader(request.headers, "x-amz-security-token"), text(vector, "token"));
  const std::string canonical = text(vector, "canonicalRequest");
  EXPECT_EQ(stringToSign(scope, canonical), text(vector, "stringToSign"));
}

TEST(SigV4, SignsAsBotocoreDoes) {
  std::ostringstream file;
  file << std::ifstream(TEST_DATA_DIR "/sigv4/kinesisvideo.json").rdbuf();
  const Result<JsonDocument> document = JsonDocument::parse(file.str());
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto vectors = document->root().optionalObjects("cases");
  ASSERT_TRUE(vectors.ok());
  EXPECT_EQ(vectors->size(), 6U);
  for (const JsonObjectView& vector : *vectors) {
    checkVector(vector);
  }
}

TEST(SigV4, WhatChangesOnTheWayIsNotSigned) {
  SignableRequest request{"POST", "/", "", {}, "", true};
  request.headers = {{"Host", "h"},
                     {"User-Agent", "x"},
                     {"Expect", "x"},
                     {"Connection", "x"},
                     {"Transfer-Encoding", "x"},
                     {"Upgrade", "x"},
                     {"X-Amzn-Trace-Id", "x"},
                     {"Sec-WebSocket-Key", "x"},
                     {"Authorization", "x"}};
  EXPECT_EQ(canonicalRequest(request).signedHeaders, "host");
}

TEST(SigV4, PathsAndQueries) {
  struct Case {
    const char *path, *query, *canonicalPath, *canonicalQuery;
  };
  for (const Case& c :
       {Case{"", "", "/", ""}, Case{"/a/../..", "", "/", ""}, Case{"/a%20b", "", "/a%2520b", ""},
        Case{"/a/.", "", "/a", ""}, Case{"/", "b=2&a=1&a=0&c", "/", "a=0&a=1&b=2&c="},
        Case{"/", "&&x=%2f%zz+=", "/", "=&=&x=%2f%25zz%2B%3D"}}) {
    const std::string canonical = canonicalRequest({"GET", c.path, c.query, {}, "", true}).text;
    const std::string expected =
        std::string("GET\n") + c.canonicalPath + "\n" + c.canonicalQuery + "\n\n\n";
    EXPECT_EQ(canonical.substr(0, expected.size()), expected);
  }
}

TEST(SigV4, AUrlThatCantBeUsedIsNotSigned) {
  http::Request request;
  request.url = "ftp://a.example/";
  const Status status = sign(request, {"id", "secret", ""}, {"eu-west-1", "kinesisvideo", {}});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, ErrorKind::kSettings);
  EXPECT_TRUE(request.headers.empty());
}

TEST(SigV4, DescribingASignedRequestShowsNoSecret) {
  http::Request request;
  request.url = "https://kinesisvideo.eu-west-1.amazonaws.com/listFragments";
  ASSERT_TRUE(sign(request, {"id", "SECRET1", "SECRET2"}, {"eu-west-1", "kinesisvideo", {}}).ok());
  const std::string description = http::describe(request);
  EXPECT_EQ(description.find("SECRET"), std::string::npos) << description;
  EXPECT_EQ(description.find("Signature"), std::string::npos) << description;
  EXPECT_NE(description.find("X-Amz-Date: 19700101T000000Z"), std::string::npos) << description;
}

}  // namespace
}  // namespace kvsarchive::aws
