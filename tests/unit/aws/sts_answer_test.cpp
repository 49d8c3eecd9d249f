// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sts_answer.h"

#include <gtest/gtest.h>

#include "show.h"
#include "sts_answers.h"

namespace kvsarchive::aws {
namespace {

std::string parse(const std::string& xml) {
  return showCredentials(parseStsCredentials("AssumeRole", xml));
}

TEST(StsAnswer, HasCredentials) {
  EXPECT_EQ(parse(stsAnswer("AssumeRole", "ID")),
            "ID/secret-of-ID/token-of-ID 2026-03-01T11:00:00.000Z");
  EXPECT_EQ(parse("<?xml version=\"1.0\"?><!-- new -->" +
                  stsAnswer("AssumeRole", "ID", "2026-03-01T11:00:00.25+01:00")),
            "ID/secret-of-ID/token-of-ID 2026-03-01T10:00:00.250Z");
  EXPECT_EQ(showCredentials(parseStsCredentials("AssumeRoleWithWebIdentity",
                                                stsAnswer("AssumeRoleWithWebIdentity", "ID"))),
            "ID/secret-of-ID/token-of-ID 2026-03-01T11:00:00.000Z");
}

TEST(StsAnswer, EntitiesAndCdataAreText) {
  const std::string xml =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A&amp;&#x42;</AccessKeyId>"
      "<SecretAccessKey><![CDATA[<&]]></SecretAccessKey><SessionToken>t<!-- -->u</SessionToken>"
      "<Expiration>2026-03-01T11:00:00Z</Expiration></Credentials></AssumeRoleResult>"
      "</AssumeRoleResponse>";
  EXPECT_EQ(parse(xml), "A&B/<&/tu 2026-03-01T11:00:00.000Z");
}

/// The good answer with a part of it replaced.
std::string with(const std::string& what, const std::string& by) {
  std::string xml = stsAnswer("AssumeRole", "ID");
  const size_t at = xml.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return xml.replace(at, what.size(), by);
}

TEST(StsAnswer, BadOnesAreRefusedAndNotQuoted) {
  const std::string notXml = "decode: the answer is not the XML that is due";
  struct Case {
    std::string xml, expected;
  };
  for (const Case& c : {
           Case{"", notXml},
           Case{" \n", notXml},
           Case{"no XML with a secret-of-ID", notXml},
           Case{"<a>", notXml},
           Case{"<a></b>", notXml},
           Case{"<a>&unknown;</a>", notXml},
           Case{"<a>\xff</a>", notXml},
           Case{stsAnswer("AssumeRole", "ID") + "<more/>x", notXml},
           Case{with("<AccessKeyId>ID</AccessKeyId>", ""),
                "decode: AccessKeyId in the answer is missing"},
           Case{with("<AccessKeyId>ID", "<AccessKeyId>"),
                "decode: AccessKeyId in the answer is not usable"},
           Case{with("<AccessKeyId>ID", "<AccessKeyId>I\nD"),
                "decode: AccessKeyId in the answer is not usable"},
           Case{with("secret-of-ID", "a b"), "decode: SecretAccessKey in the answer is not usable"},
           Case{with("secret-of-ID", "\xc3\xa4"),
                "decode: SecretAccessKey in the answer is not usable"},
           Case{with("token-of-ID", ""), "decode: SessionToken in the answer is not usable"},
           Case{with("2026-03-01T11:00:00Z", "2026-03-01T11:00:00"),
                "decode: Expiration in the answer is not usable"},
           Case{with("<Expiration>2026-03-01T11:00:00Z</Expiration>", ""),
                "decode: Expiration in the answer is missing"},
           // Twice, at another place, or not a text.
           Case{with("<AccessKeyId>", "<AccessKeyId>A</AccessKeyId><AccessKeyId>"), notXml},
           Case{with("<AccessKeyId>ID", "<AccessKeyId>I<b/>D"), notXml},
           Case{with("<Credentials>", "<Credentials><x>"), notXml},
           Case{stsAnswer("AssumeRoleWithSAML", "ID"),
                "decode: AccessKeyId in the answer is missing"},
       }) {
    EXPECT_EQ(parse(c.xml), c.expected) << c.xml;
  }
}

TEST(StsAnswer, DepthIsBounded) {
  const auto nested = [](int depth) {
    std::string xml;
    for (int i = 0; i < depth; ++i) {
      xml.insert(0, "<a>").append("</a>");
    }
    return xml;
  };
  EXPECT_EQ(parse(nested(16)), "decode: AccessKeyId in the answer is missing");
  EXPECT_EQ(parse(nested(17)), "decode: the answer is not the XML that is due");
}

TEST(StsAnswer, Errors) {
  const StsError error = parseStsError(stsError("AccessDenied", "a &lt; b"));
  EXPECT_EQ(error.code, "AccessDenied");
  EXPECT_EQ(error.message, "a < b");
  for (const char* other : {"", "{}", "<html><body>502</body></html>", "<ErrorResponse>"}) {
    EXPECT_EQ(parseStsError(other).code, "") << other;
    EXPECT_EQ(parseStsError(other).message, "") << other;
  }
}

}  // namespace
}  // namespace kvsarchive::aws
