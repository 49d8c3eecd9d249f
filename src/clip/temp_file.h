// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace kvsarchive::clip {

/// A file without a name, in the folder for temporary files (TMPDIR, else /tmp): nothing of it is
/// left when it is closed, or the process dies. One thread at a time.
class TempFile {
 public:
  TempFile() = default;
  ~TempFile();
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  /// Writes all of it at that place; the first time makes the file. Errors: kStorage.
  Status write(uint64_t offset, std::string_view bytes);
  /// Reads so many bytes, which were written. Errors: kStorage.
  Status read(uint64_t offset, uint8_t* bytes, size_t size) const;

 private:
  Status open();

  int file_ = -1;
};

}  // namespace kvsarchive::clip
