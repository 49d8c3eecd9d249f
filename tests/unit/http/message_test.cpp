// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/message.h"

#include <gtest/gtest.h>

namespace kvsarchive::http {
namespace {

TEST(Message, HeadersAreFoundInAnyCase) {
  const Headers headers{{"Content-TYPE", "a"}, {"content-type", "b"}, {"X", ""}};
  EXPECT_EQ(findHeader(headers, "content-type"), "a");
  EXPECT_EQ(findHeader(headers, "CONTENT-Type"), "a");
  EXPECT_EQ(findHeader(headers, "content"), "");
  EXPECT_EQ(findHeader(headers, "x"), "");
}

TEST(Message, DescriptionShowsWhatHelpsAndNoSecret) {
  Request request;
  request.url = "https://user:SECRET@host.example:8443/listFragments?X-Amz-Signature=SECRET";
  request.headers = {{"Host", "host.example:8443"},
                     {"Content-Type", "application/json"},
                     {"authorization", "AWS4-HMAC-SHA256 Credential=SECRET"},
                     {"X-AMZ-SECURITY-TOKEN", "SECRET"},
                     {"x-aws-ec2-metadata-token", "SECRET"}};
  request.body = "SECRET";
  EXPECT_EQ(describe(request),
            "POST https://***@host.example:8443/listFragments?*** {Host: host.example:8443, "
            "Content-Type: application/json, authorization: ***, X-AMZ-SECURITY-TOKEN: ***, "
            "x-aws-ec2-metadata-token: ***} 6 bytes");
}

TEST(Message, DescriptionOfOddUrlsHidesUserInfo) {
  for (const char* url : {"http://a:SECRET@h", "http://a:SECRET@b@h/x@y", "http://h?SECRET@x",
                          "http://h#SECRET", "http://h/a@b?SECRET"}) {
    Request request;
    request.url = url;
    EXPECT_EQ(describe(request).find("SECRET"), std::string::npos) << url;
  }
}

TEST(Message, LineBreaksAreNotSent) {
  for (const std::string& value :
       {std::string("a\r\nEvil: b"), std::string("a\n"), std::string("a\0b", 3)}) {
    Request request;
    request.headers = {{"X-Amz-Security-Token", value}};
    const Status status = checkSendable(request);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().kind, ErrorKind::kSettings);
    EXPECT_EQ(status.error().message.find("Evil"), std::string::npos);
  }
  for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4"}) {
    Request request;
    request.headers = {{name, "value"}};
    EXPECT_FALSE(checkSendable(request).ok()) << name;
  }
  Request request;
  request.method = "GET / HTTP/1.1\r\nX: y";
  EXPECT_FALSE(checkSendable(request).ok());
  request.method = "GET";
  request.headers = {{"X-Amz-Date", "20260301T100000Z"}, {"Empty", ""}};
  EXPECT_TRUE(checkSendable(request).ok());
}

}  // namespace
}  // namespace kvsarchive::http
