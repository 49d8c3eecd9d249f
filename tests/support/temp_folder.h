// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace kvsarchive::test {

/// An empty folder that goes with the object, and all that is in it by then.
class TempFolder {
 public:
  TempFolder() {
    char path[] = "/tmp/kvsarchive-test-XXXXXX";
    if (mkdtemp(path) == nullptr) {
      std::abort();
    }
    path_ = path;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace kvsarchive::test
