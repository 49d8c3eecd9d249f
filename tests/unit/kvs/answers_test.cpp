// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/answers.h"

#include <gtest/gtest.h>

namespace kvsarchive::kvs {
namespace {

Result<FragmentPage> decode(const std::string& body) {
  const Result<JsonDocument> document = JsonDocument::parse(body);
  if (!document) {
    return document.error();
  }
  return decodeFragmentPage(document->root());
}

/// A page with one fragment whose members are all good but for `replacement` in place of `member`.
std::string pageWith(const std::string& member, const std::string& replacement) {
  const std::pair<const char*, const char*> members[] = {
      {"FragmentLengthInMilliseconds", "2000"}, {"FragmentNumber", "\"1\""},
      {"FragmentSizeInBytes", "1234"},          {"ProducerTimestamp", "1.577156925312E9"},
      {"ServerTimestamp", "1577156926"},
  };
  std::string body = "{\"Fragments\":[{";
  for (const auto& [name, value] : members) {
    const std::string& used = member == name ? replacement : value;
    if (!used.empty()) {
      body += std::string(body.back() == '{' ? "" : ",") + "\"" + name + "\":" + used;
    }
  }
  return body + "}]}";
}

TEST(FragmentPage, AsTheServiceWritesIt) {
  const Result<FragmentPage> page = decode(R"({"Fragments":[
      {"FragmentLengthInMilliseconds":1796,
       "FragmentNumber":"91343852333181432392682062607743920955852903233",
       "FragmentSizeInBytes":123456,"ProducerTimestamp":1.577156925312E9,
       "ServerTimestamp":1.57715692711E9},
      {"FragmentLengthInMilliseconds":0,"FragmentNumber":"7","FragmentSizeInBytes":0,
       "ProducerTimestamp":1.577156925E9,"ServerTimestamp":1577156927,"New":[{"x":null}]}],
      "NextToken":"a+/b==","Unknown":{"y":[1,2]}})");
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_EQ(page->nextToken, "a+/b==");
  ASSERT_EQ(page->fragments.size(), 2U);
  const Fragment& first = page->fragments[0];
  EXPECT_EQ(first.number, "91343852333181432392682062607743920955852903233");
  EXPECT_EQ(first.sizeBytes, 123456U);
  EXPECT_EQ(toMillis(first.producerTimestamp), 1577156925312);
  EXPECT_EQ(toMillis(first.serverTimestamp), 1577156927110);
  EXPECT_EQ(first.length.count(), 1796);
  EXPECT_EQ(toMillis(page->fragments[1].producerTimestamp), 1577156925000);
  EXPECT_EQ(toMillis(page->fragments[1].serverTimestamp), 1577156927000);
}

TEST(FragmentPage, EmptyPages) {
  for (const char* body : {R"({"Fragments":null,"NextToken":null})", R"({"Fragments":[]})",
                           " {\n\"Fragments\" : [ ] } ", R"({"NextToken":""})"}) {
    const Result<FragmentPage> page = decode(body);
    ASSERT_TRUE(page.ok()) << body;
    EXPECT_TRUE(page->fragments.empty());
    EXPECT_EQ(page->nextToken, "");
  }
  EXPECT_EQ(decode(R"({"Fragments":[],"NextToken":"more"})")->nextToken, "more");
}

TEST(FragmentPage, AnObjectWithoutAPageIsNoEmptyPage) {
  for (const char* body : {"{}", " {\n} ", R"({"fragments":[]})"}) {
    const Result<FragmentPage> page = decode(body);
    ASSERT_FALSE(page.ok()) << body;
    EXPECT_EQ(page.error().kind, ErrorKind::kDecode);
    EXPECT_EQ(page.error().recovery, Recovery::kRetry);
  }
}

TEST(FragmentPage, NumbersInManyForms) {
  struct Case {
    const char* text;
    int64_t millis;
  };
  for (const Case& c :
       {Case{"0", 0}, Case{"0.000", 0}, Case{"0.001", 1}, Case{"1.5771569253124E9", 1577156925312},
        Case{"1.577156925312e+09", 1577156925312}, Case{"1577156925.3119999", 1577156925312},
        Case{"1577156925.3120001", 1577156925312}, Case{"9223372036", 9223372036000},
        Case{"1E3", 1000000}, Case{"15771569253.12E-1", 1577156925312}}) {
    const Result<FragmentPage> page = decode(pageWith("ProducerTimestamp", c.text));
    ASSERT_TRUE(page.ok()) << c.text << ": " << page.error().message;
    EXPECT_EQ(toMillis(page->fragments[0].producerTimestamp), c.millis) << c.text;
  }
  EXPECT_EQ(decode(pageWith("FragmentSizeInBytes", "1.0E7"))->fragments[0].sizeBytes, 10'000'000U);
  EXPECT_EQ(decode(pageWith("FragmentSizeInBytes", "9007199254740992"))->fragments[0].sizeBytes,
            9007199254740992U);
  EXPECT_EQ(decode(pageWith("FragmentSizeInBytes", ""))->fragments[0].sizeBytes, 0U);
  EXPECT_EQ(
      decode(pageWith("FragmentLengthInMilliseconds", "9007199254740992"))->fragments[0].length,
      std::chrono::milliseconds(kMaxUnixMillis));
  EXPECT_EQ(decode(pageWith("FragmentLengthInMilliseconds", ""))->fragments[0].length.count(), 0);
  EXPECT_EQ(decode(pageWith("FragmentLengthInMilliseconds", "null"))->fragments[0].length.count(),
            0);
}

TEST(FragmentPage, EveryMillisecondOfASecond) {
  for (int millis = 0; millis < 1000; ++millis) {
    const std::string decimals = std::to_string(1000 + millis).substr(1);
    const auto page = decode(pageWith("ProducerTimestamp", "1.577156925" + decimals + "E9"));
    ASSERT_EQ(toMillis(page->fragments[0].producerTimestamp), 1577156925000 + millis);
  }
}

TEST(FragmentPage, BadMembersAreNamed) {
  struct Case {
    const char *member, *value;
  };
  for (const Case& c : {
           Case{"ProducerTimestamp", ""},
           Case{"ProducerTimestamp", "null"},
           Case{"ProducerTimestamp", "\"1577156925\""},
           Case{"ProducerTimestamp", "true"},
           Case{"ProducerTimestamp", "{}"},
           Case{"ProducerTimestamp", "[1]"},
           Case{"ProducerTimestamp", "-1"},
           Case{"ProducerTimestamp", "1577156925312"},
           Case{"ProducerTimestamp", "9223372037"},
           Case{"ProducerTimestamp", "1e300"},
           Case{"ProducerTimestamp", "1e999"},
           Case{"ServerTimestamp", ""},
           Case{"ServerTimestamp", "-1e308"},
           Case{"FragmentSizeInBytes", "-1"},
           Case{"FragmentSizeInBytes", "1.5"},
           Case{"FragmentSizeInBytes", "\"1\""},
           Case{"FragmentSizeInBytes", "1e20"},
           Case{"FragmentSizeInBytes", "99999999999999999999999"},
           Case{"FragmentSizeInBytes", "-9223372036854775808"},
           Case{"FragmentLengthInMilliseconds", "-5"},
           Case{"FragmentLengthInMilliseconds", "\"5\""},
           Case{"FragmentNumber", ""},
           Case{"FragmentNumber", "17"},
           Case{"FragmentNumber", "null"},
       }) {
    const Result<FragmentPage> page = decode(pageWith(c.member, c.value));
    ASSERT_FALSE(page.ok()) << c.member << " " << c.value;
    EXPECT_EQ(page.error().kind, ErrorKind::kDecode);
    EXPECT_NE(page.error().message.find(std::string("Fragments[0].") + c.member), std::string::npos)
        << page.error().message;
  }
}

TEST(FragmentPage, BadNumbersAndShapes) {
  for (const std::string& number :
       {std::string("\"\""), std::string("\"-1\""), std::string("\"1a\""),
        "\"" + std::string(129, '1') + "\"", "\"" + std::string(100'000, 'x') + "\""}) {
    const Result<FragmentPage> page = decode(pageWith("FragmentNumber", number));
    ASSERT_FALSE(page.ok()) << number;
    EXPECT_EQ(page.error().kind, ErrorKind::kDecode);
    EXPECT_LT(page.error().message.size(), 300U);
  }
  for (const char* body : {R"({"Fragments":{}})", R"({"Fragments":"x"})", R"({"Fragments":[1]})",
                           R"({"Fragments":[null]})", R"({"Fragments":[[]]})", R"({"NextToken":1})",
                           R"({"NextToken":["x"]})"}) {
    const Result<FragmentPage> page = decode(body);
    ASSERT_FALSE(page.ok()) << body;
    EXPECT_EQ(page.error().kind, ErrorKind::kDecode);
  }
}

TEST(DataEndpoint, IsAString) {
  const auto decodeEndpoint = [](const std::string& body) {
    const Result<JsonDocument> document = JsonDocument::parse(body);
    return decodeDataEndpoint(document->root());
  };
  EXPECT_EQ(*decodeEndpoint(R"({"DataEndpoint":"https://b-1.example"})"), "https://b-1.example");
  for (const char* body : {"{}", R"({"DataEndpoint":null})", R"({"DataEndpoint":1})"}) {
    EXPECT_EQ(decodeEndpoint(body).error().kind, ErrorKind::kDecode) << body;
  }
}

TEST(JsonDocument, WhatIsNoObjectIsRefused) {
  for (const std::string& body : {std::string(),
                                  std::string(" "),
                                  std::string("null"),
                                  std::string("[]"),
                                  std::string("1"),
                                  std::string("\"x\""),
                                  std::string("{"),
                                  std::string("{\"a\":}"),
                                  std::string("{\"a\" 1}"),
                                  std::string("{\"a\":NaN}"),
                                  std::string("{\"a\":Infinity}"),
                                  std::string("{} {}"),
                                  std::string("{}x"),
                                  std::string("{\"a\":1,}"),
                                  std::string("{\"a\":\"\xff\"}"),
                                  std::string("{\"a\0\":1}", 8),
                                  std::string("<html></html>"),
                                  std::string(100'000, '['),
                                  std::string(100'000, '{'),
                                  std::string("\xef\xbb\xbf")}) {
    const Result<JsonDocument> document = JsonDocument::parse(body);
    EXPECT_FALSE(document.ok()) << body.substr(0, 50);
    if (!document.ok()) {
      EXPECT_EQ(document.error().kind, ErrorKind::kDecode);
    }
  }
}

TEST(JsonDocument, DeepNestingIsRefusedWhereverItIs) {
  std::string deep = "{\"a\":\"[[[[\\\"[[[\",\"Fragments\":";
  for (int i = 0; i < 200'000; ++i) {
    deep += "[";
  }
  EXPECT_FALSE(JsonDocument::parse(deep).ok());
  std::string brackets = "{\"a\":\"" + std::string(1000, '[') + "\"}";
  EXPECT_TRUE(JsonDocument::parse(brackets).ok());
}

TEST(JsonDocument, ErrorsAreOneShortLine) {
  // json-glib quotes the text it stumbles over.
  const auto document = JsonDocument::parse("{\"a\n\"b\":0}");
  ASSERT_FALSE(document.ok());
  EXPECT_LT(document.error().message.size(), 300U);
  EXPECT_EQ(document.error().message.find_first_of("\n"), std::string::npos);
  const Result<FragmentPage> page = decode(pageWith("FragmentNumber", "\"1\\n\""));
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().message, "\"1 \" in the answer is not a fragment number");
}

TEST(JsonDocument, HalvesOfSurrogatePairsAreReplaced) {
  const auto document = JsonDocument::parse(R"({"NextToken":"a\ud83d!"})");
  ASSERT_TRUE(document.ok());
  const auto page = decodeFragmentPage(document->root());
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->nextToken.substr(0, 4), "a\xEF\xBF\xBD");
  EXPECT_EQ(page->nextToken.find('\xED'), std::string::npos);
}

TEST(JsonDocument, ValuesByTheHundredThousandAreRefused) {
  const auto list = [](size_t values) {
    std::string text = "{\"Fragments\":null,\"x\":[0";
    for (size_t i = 2; i < values; ++i) {
      text += ",0";
    }
    return JsonDocument::parse(text + "]}");
  };
  EXPECT_TRUE(list(100'000).ok());
  const auto many = list(200'000);
  ASSERT_FALSE(many.ok());
  EXPECT_NE(many.error().message.find("too many values"), std::string::npos);
  EXPECT_TRUE(JsonDocument::parse("{\"a\":\"" + std::string(300'000, ',') + "\"}").ok());
}

}  // namespace
}  // namespace kvsarchive::kvs
