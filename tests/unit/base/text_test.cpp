// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.h"

#include <gtest/gtest.h>

namespace kvsarchive {
namespace {

TEST(Text, BytesThatAreNoUtf8AreReplaced) {
  EXPECT_EQ(validUtf8(""), "");
  EXPECT_EQ(validUtf8("n\xC3\xB6rth\n"), "n\xC3\xB6rth\n");
  EXPECT_EQ(validUtf8("\xFF\xC3z"), "\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(validUtf8(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(validUtf8("\xED\xA0\x80").find('\xED'), std::string::npos);  // a lone surrogate
  EXPECT_EQ(validUtf8(std::string_view()), "");
}

TEST(Text, MessagesAreOneLine) {
  EXPECT_EQ(oneLine("a\r\nb\tc\x7f"
                    "d \n",
                    100),
            "a  b c d  ");
  EXPECT_EQ(oneLine(std::string_view("a\0b", 3), 100), "a b");
  EXPECT_EQ(oneLine("\xFF", 100), "\xEF\xBF\xBD");
  EXPECT_EQ(oneLine("abc", 3), "abc");
  EXPECT_EQ(oneLine("abcd", 3), "abc...");
  EXPECT_EQ(oneLine("", 3), "");
}

TEST(Text, IsNotCutInsideACharacter) {
  const std::string text =
      "ab\xF0\x9F\x98\x80"
      "cd";
  for (const size_t length : {2U, 3U, 4U, 5U}) {
    EXPECT_EQ(oneLine(text, length), "ab...") << length;
  }
  EXPECT_EQ(oneLine(text, 6), "ab\xF0\x9F\x98\x80...");
  EXPECT_EQ(oneLine(std::string(10, '\x80'), 5), "...");
}

TEST(Text, WholeNumbers) {
  const struct {
    const char* text;
    std::optional<int> number;
  } cases[] = {{"1", 1},
               {"20", 20},
               {"0", std::nullopt},
               {"21", std::nullopt},
               {"", std::nullopt},
               {"5s", std::nullopt},
               {" 5", std::nullopt},
               {"+5", std::nullopt},
               {"5.0", std::nullopt},
               {"99999999999", std::nullopt}};
  for (const auto& row : cases) {
    EXPECT_EQ(parseWhole(row.text, 1, 20), row.number) << row.text;
  }
}

TEST(Text, WithoutFullStop) {
  for (const char* text : {"a b", "a b.", "a b. ", "a b..."}) {
    EXPECT_EQ(withoutFullStop(text), "a b") << text;
  }
  EXPECT_EQ(withoutFullStop("."), "");
  EXPECT_EQ(withoutFullStop(""), "");
}

TEST(Text, FirstLine) {
  EXPECT_EQ(firstLine("a\r\nb"), "a");
  EXPECT_EQ(firstLine("a"), "a");
  EXPECT_EQ(firstLine("\nb"), "");
}

}  // namespace
}  // namespace kvsarchive
