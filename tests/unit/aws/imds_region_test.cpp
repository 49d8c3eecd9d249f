// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_region.h"

#include <gtest/gtest.h>

#include "fake_imds.h"
#include "metadata_test_util.h"

namespace kvsarchive::aws {
namespace {

TEST(ImdsRegion, IsTheRegionOrTheZoneWithoutItsLetter) {
  const char* const region = "GET /latest/meta-data/placement/region";
  const char* const zone = "GET /latest/meta-data/placement/availability-zone";
  const std::string bad = "decode: the EC2 metadata service does not answer with an AWS region";
  const struct {
    std::map<std::string, std::string> answers;
    std::string expected;
  } cases[] = {
      {{{region, ok("eu-west-1")}, {zone, ok("us-east-1a")}}, "eu-west-1"},
      {{{region, ok("eu-west-1\n")}}, "eu-west-1"},
      {{{zone, ok("us-east-1a")}}, "us-east-1"},
      {{{zone, ok("us-gov-west-1b\n")}}, "us-gov-west-1"},
      {{}, "absent: the EC2 metadata service knows of no region"},
      {{{region, ok("")}}, bad},
      {{{region, ok("eu-west-1.example.com/")}}, bad},
      {{{region, ok("EU-WEST-1")}}, bad},
      {{{region, ok("<html>")}}, bad},
      {{{region, ok("-west-1")}}, bad},
      {{{region, ok("eu-west-")}}, bad},
      {{{region, ok(std::string(64, 'a'))}}, bad},
      {{{zone, ok("a")}}, bad},
      {{{zone, ok("")}}, bad},
      {{{region, status(500)}, {zone, ok("us-east-1a")}},
       "open: the EC2 metadata service fails: status 500"},
  };
  for (const auto& c : cases) {
    auto answers = c.answers;
    answers["PUT /latest/api/token"] = ok("token");
    const FakeImds imds(answers);
    ImdsOptions options;
    options.endpoint = imds.url();
    options.timeout = std::chrono::seconds(10);
    EXPECT_EQ(shown(imdsRegion({}, options, kUncancelled)), c.expected);
  }
  EXPECT_EQ(shown(imdsRegion({}, makeError(ErrorKind::kSettings, "bad"), kUncancelled)),
            "settings: bad");

  ImdsOptions nobody;
  nobody.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(shown(imdsRegion({}, nobody, kUncancelled)).substr(0, 33),
            "absent: no EC2 metadata service: ");
}

}  // namespace
}  // namespace kvsarchive::aws
