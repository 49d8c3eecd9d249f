// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/small_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string_view>

#include "support/temp_file.h"

namespace kvsarchive {
namespace {

std::string read(const std::string& path, size_t maxBytes) {
  const auto text = readSmallFile(path, maxBytes);
  if (text) {
    return "<" + *text + ">";
  }
  return (text.error().kind == ErrorKind::kAbsent     ? "absent: "
          : text.error().kind == ErrorKind::kSettings ? "settings: "
                                                      : "other: ") +
         text.error().message;
}

TEST(SmallFile, IsReadWhole) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "a"s, "a\0\xFF\r\n"s, std::string(100'000, 'x')}) {
    const test::TempFile file(text);
    EXPECT_EQ(read(file.path(), 100'000), "<" + text + ">");
  }
  EXPECT_EQ(read("/dev/null", 10), "<>");
}

TEST(SmallFile, Errors) {
  const test::TempFile file("12345678901");
  const std::string name = "\"" + std::string(file.path()) + "\"";
  EXPECT_EQ(read(file.path(), 11), "<12345678901>");
  EXPECT_EQ(read(file.path(), 10),
            "settings: " + name + " can't be read: it has more than 10 bytes");
  EXPECT_EQ(read("/dev/zero", 10),
            "settings: \"/dev/zero\" can't be read: it has more than 10 bytes");
  EXPECT_EQ(read("/nonexistent/a", 10), "absent: \"/nonexistent/a\" does not exist");
  EXPECT_EQ(read(std::string(file.path()) + "/a", 10),
            "absent: \"" + std::string(file.path()) + "/a\" does not exist");
  EXPECT_EQ(read("/tmp", 10), "settings: \"/tmp\" can't be read: it is not a regular file");
}

TEST(SmallFile, APipeIsNotWaitedFor) {
  const test::TempFile unique("");
  const std::string path = std::string(unique.path()) + ".pipe";
  ASSERT_EQ(mkfifo(path.c_str(), S_IRUSR | S_IWUSR), 0);
  EXPECT_EQ(read(path, 10), "settings: \"" + path + "\" can't be read: it is not a regular file");
  unlink(path.c_str());
}

TEST(SmallFile, WithoutPermission) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may read everything";
  }
  const test::TempFile file("x");
  ASSERT_EQ(chmod(file.path(), 0), 0);
  EXPECT_EQ(read(file.path(), 10),
            "settings: \"" + std::string(file.path()) + "\" can't be read: Permission denied");
}

TEST(SmallFile, InAClosedFolderItIsNoneOfThisUsers) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may enter everything";
  }
  const test::TempFile unique("");
  const std::string folder = std::string(unique.path()) + ".folder";
  ASSERT_EQ(mkdir(folder.c_str(), 0), 0);
  EXPECT_EQ(read(folder + "/a", 10),
            "absent: \"" + folder + "/a\" can't be read: Permission denied");
  rmdir(folder.c_str());
}

}  // namespace
}  // namespace kvsarchive
