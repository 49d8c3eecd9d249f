// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/small_file.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace kvsarchive {
namespace {

class File {
 public:
  explicit File(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int number() const { return number_; }

 private:
  const int number_;
};

Error unreadable(const std::string& path, const std::string& why) {
  return makeError(ErrorKind::kSettings, quoted(path) + " can't be read: " + why);
}

Error unreadable(const std::string& path, int code) {
  return unreadable(path, std::generic_category().message(code));
}

}  // namespace

Result<std::string> readSmallFile(const std::string& path, size_t maxBytes) {
  const File file(path);
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return makeError(ErrorKind::kAbsent, quoted(path) + " does not exist");
    }
    const int code = errno;
    Error error = unreadable(path, code);
    if (code == EACCES && ::access(path.c_str(), F_OK) != 0) {
      error.kind = ErrorKind::kAbsent;  // its folder is closed to this user: it can't be one of his
    }
    return error;
  }
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) {
    return unreadable(path, errno);
  }
  // /dev/null is how many say "none".
  if (!S_ISREG(about.st_mode) && !S_ISCHR(about.st_mode)) {
    return unreadable(path, "it is not a regular file");
  }
  std::string contents(maxBytes + 1, '\0');
  size_t size = 0;
  while (size < contents.size()) {
    const ssize_t got = ::read(file.number(), contents.data() + size, contents.size() - size);
    if (got == 0) {
      break;
    }
    if (got > 0) {
      size += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      const int code = errno;
      OPENSSL_cleanse(contents.data(), size);
      return unreadable(path, code);
    }
  }
  if (size > maxBytes) {
    OPENSSL_cleanse(contents.data(), size);
    return unreadable(path, "it has more than " + std::to_string(maxBytes) + " bytes");
  }
  std::string fitting(contents, 0, size);
  OPENSSL_cleanse(contents.data(), size);
  return fitting;
}

}  // namespace kvsarchive
