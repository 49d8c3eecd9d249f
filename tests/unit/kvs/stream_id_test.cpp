// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/stream_id.h"

#include <gtest/gtest.h>

namespace kvsarchive::kvs {
namespace {

const std::string kArn = "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/cam1/1598784211076";

TEST(StreamId, ByNameOrByArn) {
  const Result<StreamId> byName = makeStreamId("cam_1.front-DOOR", "");
  ASSERT_TRUE(byName.ok());
  EXPECT_EQ(byName->text(), "cam_1.front-DOOR");
  const Result<StreamId> byArn = makeStreamId("", kArn);
  ASSERT_TRUE(byArn.ok());
  EXPECT_EQ(byArn->text(), kArn);
  EXPECT_EQ(byArn->name, "");
  EXPECT_TRUE(makeStreamId(std::string(256, 'a'), "").ok());
}

TEST(StreamId, ExactlyOneOfThem) {
  EXPECT_EQ(makeStreamId("", "").error().message, "no stream: set stream-name or stream-arn");
  EXPECT_EQ(makeStreamId("cam1", kArn).error().kind, ErrorKind::kSettings);
}

TEST(StreamId, BadNames) {
  for (const std::string& bad :
       {std::string("cam 1"), std::string("cam/1"), std::string("c\xc3\xa4"), std::string("a\"b"),
        std::string(257, 'a'), kArn}) {
    EXPECT_EQ(makeStreamId(bad, "").error().kind, ErrorKind::kSettings) << bad;
  }
}

TEST(StreamId, Arns) {
  for (const char* good :
       {"arn:aws-cn:kinesisvideo:cn-north-1:1:stream/a/0",
        "arn:aws-us-gov:kinesisvideo:us-gov-west-1:111122223333:stream/A._-9/1598784211076"}) {
    EXPECT_TRUE(makeStreamId("", good).ok()) << good;
  }
  for (const char* bad :
       {"cam1", "arn:aws:kinesis:eu-west-1:1:stream/a/0", "arn:aws:kinesisvideo::1:stream/a/0",
        "arn:aws:kinesisvideo:eu-west-1:1:stream/a", "arn:aws:kinesisvideo:eu-west-1:1:stream/a/",
        "arn:aws:kinesisvideo:eu-west-1:1:stream/a/0/0",
        "arn:aws:kinesisvideo:eu-west-1:1:Stream/a/0",
        "arn:aws:kinesisvideo:eu-west-1:x:stream/a/0", "arn:aws:kinesisvideo:EU:1:stream/a/0",
        "arn:AWS:kinesisvideo:eu-west-1:1:stream/a/0",
        "xrn:aws:kinesisvideo:eu-west-1:1:stream/a/0",
        "arn:aws:kinesisvideo:eu-west-1:1:stream/a b/0",
        "arn:aws:kinesisvideo:eu-west-1:1:stream/a/0:x"}) {
    EXPECT_EQ(makeStreamId("", bad).error().kind, ErrorKind::kSettings) << bad;
  }
  const std::string tooLong =
      "arn:aws:kinesisvideo:eu-west-1:1:stream/" + std::string(1000, 'a') + "/0";
  EXPECT_FALSE(makeStreamId("", tooLong).ok());
}

TEST(StreamId, RegionOfArn) {
  EXPECT_EQ(regionOfArn(kArn), "eu-west-1");
  EXPECT_EQ(regionOfArn("cam1"), "");
  EXPECT_EQ(regionOfArn(""), "");
}

}  // namespace
}  // namespace kvsarchive::kvs
