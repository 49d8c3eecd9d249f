// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/ebml_writer.h"

#include <gtest/gtest.h>

#include "support/ebml_bytes.h"

namespace kvsarchive::matroska {
namespace {

TEST(EbmlWriter, WritesTheShortestSizeThatDoesNotMeanUnknown) {
  for (const size_t size : {0U, 1U, 126U, 127U, 128U, 16'382U, 16'383U, 2'097'150U, 2'097'151U}) {
    const std::string payload(size, 'x');
    EbmlWriter writer;
    writer.writeBinary(0x4282, payload);
    EXPECT_TRUE(writer.bytes() == test::element(0x4282, payload)) << size;
  }
}

TEST(EbmlWriter, WritesUnsignedInAsFewBytesAsNeeded) {
  for (const uint64_t value :
       {uint64_t{0}, uint64_t{255}, uint64_t{256}, uint64_t{1} << 40, UINT64_MAX}) {
    EbmlWriter writer;
    writer.writeUnsigned(0x2AD7B1, value);
    EXPECT_EQ(writer.bytes(), test::unsignedElement(0x2AD7B1, value)) << value;
  }
}

TEST(EbmlWriter, OpensElementsOfUnknownSize) {
  EbmlWriter writer;
  writer.openUnknownSize(0x18538067);
  writer.writeRaw("raw");
  EXPECT_EQ(writer.take(), test::openElement(0x18538067) + "raw");
}

TEST(EbmlWriter, WritesFloatsInEightBytes) {
  EbmlWriter writer;
  writer.writeFloat(0x4489, 620'000);
  EXPECT_EQ(writer.bytes(), test::element(0x4489, std::string("\x41\x22\xEB\xC0\0\0\0\0", 8)));
}

}  // namespace
}  // namespace kvsarchive::matroska
