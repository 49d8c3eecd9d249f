// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>

namespace kvsarchive::test {

/// A file with the given contents that goes with the object.
class TempFile {
 public:
  explicit TempFile(const std::string& contents) {
    const int file = mkstemp(path_);
    if (file < 0 ||
        ::write(file, contents.data(), contents.size()) != static_cast<ssize_t>(contents.size())) {
      std::abort();
    }
    ::close(file);
  }
  ~TempFile() { unlink(path_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  const char* path() const { return path_; }

 private:
  char path_[32] = "/tmp/kvsarchive-test-XXXXXX";
};

}  // namespace kvsarchive::test
