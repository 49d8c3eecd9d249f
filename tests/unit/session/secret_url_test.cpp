// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/secret_url.h"

#include <gtest/gtest.h>

namespace kvsarchive::session {
namespace {

constexpr const char* kToken = "CiAzODFlYmMwYTk3NDI0ZDBk~";
const SecretUrl kUrl(std::string("https://b-1.example/hls/v1/m.m3u8?TrackNumber=1&SessionToken=") +
                     kToken);

TEST(SecretUrl, TextWithoutTheTokenIsShown) {
  EXPECT_EQ(kUrl.redacted("The SessionToken of TrackNumber 1 has expired"),
            "The SessionToken of TrackNumber 1 has expired");
  EXPECT_EQ(kUrl.redacted("two\nlines"), "two lines");
  EXPECT_EQ(kUrl.redacted(""), "");
}

TEST(SecretUrl, TextWithThePartOfATokenIsNotShown) {
  for (const std::string& text : {std::string(kToken), "a " + std::string(kToken, 12) + " b",
                                  "x" + std::string(kToken).substr(10)}) {
    EXPECT_EQ(kUrl.redacted(text), "(a text with secrets in it)") << text;
  }
}

TEST(SecretUrl, WithoutAQueryNothingIsSecret) {
  EXPECT_EQ(SecretUrl("https://host.example/hls").redacted("host.example/hls"), "host.example/hls");
  EXPECT_EQ(SecretUrl("https://host.example/?").redacted("host.example/?"), "host.example/?");
  EXPECT_EQ(SecretUrl("https://host.example/?a&b=&").redacted("a&b="), "a&b=");
  EXPECT_EQ(SecretUrl().redacted("text"), "text");
}

}  // namespace
}  // namespace kvsarchive::session
