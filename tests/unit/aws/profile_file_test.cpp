// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/profile_file.h"

#include <gtest/gtest.h>

namespace kvsarchive::aws {
namespace {

std::string show(const char* kind, const ProfileFile::Sections& sections) {
  std::string text;
  for (const auto& [name, section] : sections) {
    text.append(kind).append("<").append(name).append(">");
    for (const auto& [key, value] : section.values) {
      text.append(" ").append(key).append("=<").append(value).append(">");
    }
    for (const auto& [key, block] : section.nested) {
      for (const auto& [inner, value] : block) {
        text.append(" ").append(key).append(".").append(inner).append("=<").append(value).append(
            ">");
      }
    }
    text.append("; ");
  }
  return text;
}

std::string parse(std::string_view text, ProfileFile::Kind kind) {
  const auto file = parseProfileFile(text, kind);
  if (!file) {
    return (file.error().kind == ErrorKind::kSettings ? "settings: " : "other: ") +
           file.error().message;
  }
  return show("", file->profiles) + show("sso", file->ssoSessions) +
         show("services", file->services);
}

TEST(ProfileFile, ConfigSections) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"", ""},
           Case{"\n\n# nothing\n", ""},
           Case{"[default]", "<default>; "},
           Case{"[default]\nregion=eu-west-1", "<default> region=<eu-west-1>; "},
           Case{"[ default ]\nregion = eu-west-1\n", "<default> region=<eu-west-1>; "},
           Case{"[profile a]\nx=1\n[profile b]\nx=2\n", "<a> x=<1>; <b> x=<2>; "},
           Case{"[profile \"my own\"]\nx=1\n", "<my own> x=<1>; "},
           Case{"[profile 'a']\nx=1\n", "<a> x=<1>; "},
           Case{"[profile \t a\\ b]\nx=1\n", "<a b> x=<1>; "},
           Case{"[profile a]b]\nx=1\n[profile \"c]d\"] # ]\nx=2", "<a]b> x=<1>; <c]d> x=<2>; "},
           Case{"[sso-session s]\nx=1\n[services v]\nx=2", "sso<s> x=<1>; services<v> x=<2>; "},
           // What is no profile: other tools' sections, and names that are none.
           Case{"[plugins]\na=b\n[default]\nx=1", "<default> x=<1>; "},
           Case{"[a]\nx=1\n[profilea]\nx=1\n[profile a b]\nx=1\n[profile]\nx=1\n[profile \"a]\nx=1",
                ""},
           Case{"[profile \"\"]\nx=1\n[Default]\nx=1\n[Profile a]\nx=1\n", ""},
           // Twice.
           Case{"[profile a]\nx=1\ny=1\n[profile b]\n[profile a]\ny=2\nz=3",
                "<a> x=<1> y=<2> z=<3>; <b>; "},
           Case{"[default]\nx=1\n[default]\ny=2", "<default> x=<1> y=<2>; "},
           Case{"[default]\nx=1\n[profile default]\ny=2", "<default> y=<2>; "},
           Case{"[profile default]\ny=2\n[default]\nx=1", "<default> y=<2>; "},
           Case{"[default]\nx=1\nx=2", "<default> x=<2>; "},
       }) {
    EXPECT_EQ(parse(c.text, ProfileFile::Kind::kConfig), c.expected) << c.text;
  }
}

TEST(ProfileFile, CredentialsSections) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"[default]\nx=1\n[a]\nx=2\n", "<a> x=<2>; <default> x=<1>; "},
           Case{"[my own]\nx=1\n[ a ]\nx=2\n", "<a> x=<2>; <my own> x=<1>; "},
           Case{"[profile a]\nx=1\n", "<profile a> x=<1>; "},
           Case{"[sso-session s]\nx=1\n", "<sso-session s> x=<1>; "},
           Case{"[a]\nx=1\n[a]\ny=2\n", "<a> x=<1> y=<2>; "},
       }) {
    EXPECT_EQ(parse(c.text, ProfileFile::Kind::kCredentials), c.expected) << c.text;
  }
}

TEST(ProfileFile, KeysValuesAndComments) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"x=1", "x=<1>"},
           Case{"  x\t=\t 1 \t", "x=<1>"},
           Case{"x = 1\r\n\r\ny = 2\r\n", "x=<1> y=<2>"},
           Case{"X_Y = AbC", "x_y=<AbC>"},
           Case{"x = a b=c:d", "x=<a b=c:d>"},
           Case{"x: 1\nurl: http://a.example", "url=<http://a.example> x=<1>"},
           Case{"url = http://a.example:80/", "url=<http://a.example:80/>"},
           Case{"x = 'a' \"b\"", "x=<'a' \"b\">"},
           Case{"x =", "x=<>"},
           Case{"x = %(y)s ${z}", "x=<%(y)s ${z}>"},
           Case{"x = \xC3\xA4", "x=<\xC3\xA4>"},
           // Comments.
           Case{"# x = 1\n; y = 2\n  # z = 3\nx=1", "x=<1>"},
           Case{"x = 1 # one", "x=<1>"},
           Case{"x = 1\t; one", "x=<1>"},
           Case{"x = 1#2;3", "x=<1#2;3>"},
           Case{"x = # nothing", "x=<>"},
           Case{"x =#1", "x=<#1>"},
           // Indented lines: all alike, further lines of a value, blocks.
           Case{"  x = 1\n  y = 2\n  z = 3", "x=<1> y=<2> z=<3>"},
           Case{"  x = 1\ny = 2\n", "x=<1> y=<2>"},
           Case{"x = 1\n  2 # two\n\n\t3\ny = 4", "x=<1\n2\n3> y=<4>"},
           Case{"x = 1\n  [2]\n  y = 3", "x=<1\n[2]\ny = 3>"},
           Case{"s3 =\n  A = 1\n  # no\n\n  b = 2 ; two\nx = 3", "s3=<> x=<3> s3.a=<1> s3.b=<2>"},
           Case{"s3 = # block\n  a =\n    b = 2\n", "s3=<> s3.a=<> s3.b=<2>"},
           Case{"s3 =\n  url = http://a/?b=c\n  url = d\nsts =\n a = e",
                "s3=<> sts=<> s3.url=<d> sts.a=<e>"},
           Case{"s3 =\n  a = 1\ns3 =\n  b = 2\n", "s3=<> s3.a=<1> s3.b=<2>"},
       }) {
    EXPECT_EQ(parse(std::string("[default]\n") + c.text, ProfileFile::Kind::kConfig),
              std::string("<default> ") + c.expected + "; ")
        << c.text;
  }
}

TEST(ProfileFile, ALineBehindAHeaderBelongsToNoKey) {
  EXPECT_EQ(parse("[profile a]\ns3 =\n[profile b]\n  x = 1\n", ProfileFile::Kind::kConfig),
            "<a> s3=<>; <b> x=<1>; ");
}

TEST(ProfileFile, ByteOrderMark) {
  EXPECT_EQ(parse("\xEF\xBB\xBF[default]\nx=1", ProfileFile::Kind::kConfig), "<default> x=<1>; ");
}

TEST(ProfileFile, ErrorsNameTheLineAndNotItsText) {
  struct Case {
    std::string_view text, expected;
  };
  constexpr std::string_view kNoKey = "line 2 is neither a section header nor a key with a value";
  for (const Case& c : {
           Case{"SECRET=1", "line 1 stands before the first section"},
           Case{"# a\n\nSECRET=1\n[a]", "line 3 stands before the first section"},
           Case{"[a]\nSECRET", kNoKey},
           Case{"[a]\n=SECRET", kNoKey},
           Case{"[a]\n :SECRET", kNoKey},
           Case{"[SECRET\nx=1", "line 1 is a section header without ']'"},
           Case{"[]\nx=SECRET", "line 1 is a section header without a name"},
           Case{"[ ]\nx=SECRET", "line 1 is a section header without a name"},
           Case{"[a]\r\nx =\r\n  SECRET\r\n",
                "line 3 is indented, but no key with a value of the block that it is in"},
           Case{"[a]\nx =\n  = SECRET\n",
                "line 3 is indented, but no key with a value of the block that it is in"},
           Case{"[a]\nx = SECRET\xFF", "is not a text in UTF-8"},
           Case{{"[a]\nx = SECRET\0", 15}, "is not a text in UTF-8"},
           Case{{"\xFF\xFE[\0a\0]\0", 8}, "is not a text in UTF-8"},
       }) {
    for (const auto kind : {ProfileFile::Kind::kConfig, ProfileFile::Kind::kCredentials}) {
      EXPECT_EQ(parse(c.text, kind), "settings: " + std::string(c.expected)) << c.text;
    }
  }
}

}  // namespace
}  // namespace kvsarchive::aws
