// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/json_members.h"

#include <gtest/gtest.h>

#include "show.h"

namespace kvsarchive::aws {
namespace {

std::string set(const std::string& json, const char* name, std::string_view value) {
  const auto written = withMembers(json, {{name, value}});
  return written ? *written : showError(written.error());
}

TEST(JsonMembers, AreAddedOrReplaced) {
  EXPECT_EQ(set("{}", "a", "b"), R"({"a":"b"})");
  EXPECT_EQ(set(R"({"x": [1, {"a": 2}], "a": 3, "y": null, "z": 1e3})", "a", "b"),
            R"({"x":[1,{"a":2}],"a":"b","y":null,"z":1000.0})");
  EXPECT_EQ(set("{}", "a", "quote\" line\n back\\ \xc3\xa4"),
            "{\"a\":\"quote\\\" line\\n back\\\\ \xc3\xa4\"}");
  EXPECT_EQ(set("{}", "a", ""), R"({"a":""})");
}

TEST(JsonMembers, WhatIsNoObjectIsNotQuoted) {
  for (const char* json : {"", "secret", "[]", "{", "{} x", "\"secret\"", "null"}) {
    EXPECT_EQ(set(json, "a", "b"), "decode: it is no JSON object") << json;
  }
}

}  // namespace
}  // namespace kvsarchive::aws
