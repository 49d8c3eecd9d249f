// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_element.h"

#include <gtest/gtest.h>

#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {
namespace {

using test::element;
using test::varint;

TEST(ElementHeader, ReadsEveryLengthOfIdAndSize) {
  for (const uint32_t id : {0xECU, 0x4282U, 0x2AD7B1U, 0x1A45DFA3U}) {
    for (int sizeBytes = 1; sizeBytes <= 8; ++sizeBytes) {
      const std::string bytes = element(id, "payload", sizeBytes);
      const auto header = readElementHeader(bytes);
      ASSERT_TRUE(header.ok() && header->has_value());
      EXPECT_EQ((*header)->id, id);
      EXPECT_EQ((*header)->size, 7U);
      EXPECT_EQ((*header)->headerBytes, bytes.size() - 7);
    }
  }
}

TEST(ElementHeader, AsksForMoreAtEveryCut) {
  const std::string bytes = element(0x1A45DFA3, "", 8);
  for (size_t length = 0; length < bytes.size(); ++length) {
    const auto header = readElementHeader(std::string_view(bytes).substr(0, length));
    ASSERT_TRUE(header.ok()) << length;
    EXPECT_FALSE(header->has_value()) << length;
  }
}

TEST(ElementHeader, KnowsUnknownSizesOfEveryLength) {
  for (int sizeBytes = 1; sizeBytes <= 8; ++sizeBytes) {
    const auto unknown = readElementHeader(test::openElement(0x1F43B675, sizeBytes));
    ASSERT_TRUE(unknown.ok() && unknown->has_value());
    EXPECT_TRUE((*unknown)->unknownSize()) << sizeBytes;
    const uint64_t largest = (uint64_t{1} << (7 * sizeBytes)) - 2;
    const auto known =
        readElementHeader(test::bigEndian(0x1F43B675, 4) + varint(largest, sizeBytes));
    ASSERT_TRUE(known.ok() && known->has_value());
    EXPECT_EQ((*known)->size, largest) << sizeBytes;
  }
}

TEST(ElementHeader, RefusesWhatBeginsNoElement) {
  for (const std::string& bytes : {std::string("\x00\x81", 2), std::string("\x08\x81\x81\x81\x81"),
                                   std::string("\xEC\x00", 2)}) {
    const auto header = readElementHeader(bytes);
    ASSERT_FALSE(header.ok());
    EXPECT_EQ(header.error().kind, ErrorKind::kDecode);
  }
}

TEST(Varint, ReadsEveryLengthAndStopsAtTheEnd) {
  for (int bytes = 1; bytes <= 8; ++bytes) {
    const std::string text = varint(126, bytes);
    uint64_t value = 0;
    EXPECT_EQ(readVarint(text, &value), static_cast<size_t>(bytes));
    EXPECT_EQ(value, 126U);
    EXPECT_EQ(readVarint(std::string_view(text).substr(0, text.size() - 1), &value), 0U);
  }
  uint64_t value = 0;
  EXPECT_EQ(readVarint("", &value), 0U);
  EXPECT_EQ(readVarint(std::string_view("\0\1", 2), &value), 0U);
}

TEST(Unsigned, TakesZeroToEightBytes) {
  EXPECT_EQ(*readUnsigned(""), 0U);
  EXPECT_EQ(*readUnsigned("\x01\x02"), 0x102U);
  EXPECT_EQ(*readUnsigned("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), UINT64_MAX);
  EXPECT_FALSE(readUnsigned("123456789").ok());
}

TEST(String, EndsAtTheFirstNul) {
  EXPECT_EQ(readString(std::string_view("V_MPEG4/ISO/AVC\0\0x", 18)), "V_MPEG4/ISO/AVC");
  EXPECT_EQ(readString(std::string_view("\0", 1)), "");
  EXPECT_EQ(readString("abc"), "abc");
}

TEST(ElementWalker, VisitsAllChildrenAndStopsAtTheFirstError) {
  const std::string children = element(0xD7, "a") + element(0x83, "", 8) + element(0x536E, "bc");
  std::string seen;
  ASSERT_TRUE(forEachChild(children, [&](const Element& child) -> Status {
                seen += std::to_string(child.id) + "=" + std::string(child.payload) + "/" +
                        std::to_string(child.whole.size()) + " ";
                return {};
              }).ok());
  EXPECT_EQ(seen, "215=a/3 131=/9 21358=bc/5 ");
  int visits = 0;
  const Status failed = forEachChild(children, [&](const Element&) -> Status {
    ++visits;
    return makeError(ErrorKind::kDecode, "no");
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(visits, 1);
}

TEST(ElementWalker, RefusesChildrenThatDoNotFit) {
  for (const std::string& children :
       {element(0xD7, "abc").substr(0, 4), test::lyingElement(0xD7, (uint64_t{1} << 56) - 2),
        test::openElement(0xD7, 1), std::string("\xD7"), element(0xD7, "a") + '\0'}) {
    const Status walked = forEachChild(children, [](const Element&) { return Status(); });
    ASSERT_FALSE(walked.ok());
    EXPECT_EQ(walked.error().kind, ErrorKind::kDecode);
  }
}

}  // namespace
}  // namespace kvsarchive::matroska
