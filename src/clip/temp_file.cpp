// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/temp_file.h"

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace kvsarchive::clip {
namespace {

Error failure(const char* what, int number) {
  return makeError(ErrorKind::kStorage, std::string("a temporary file in ") + g_get_tmp_dir() +
                                            " can't be " + what + ": " + g_strerror(number));
}

}  // namespace

TempFile::~TempFile() {
  if (file_ >= 0) {
    close(file_);
  }
}

Status TempFile::open() {
  file_ = ::open(g_get_tmp_dir(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, S_IRUSR | S_IWUSR);
  if (file_ >= 0) {
    return {};
  }
  // Not all file systems have files without a name.
  std::string name = std::string(g_get_tmp_dir()) + "/kvsclip-XXXXXX";
  file_ = mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) {
    return failure("made", errno);
  }
  unlink(name.c_str());
  return {};
}

Status TempFile::write(uint64_t offset, std::string_view bytes) {
  if (file_ < 0) {
    Status opened = open();
    if (!opened) {
      return opened;
    }
  }
  while (!bytes.empty()) {
    const ssize_t written = pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return failure("written", written < 0 ? errno : ENOSPC);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

Status TempFile::read(uint64_t offset, uint8_t* bytes, size_t size) const {
  while (size > 0) {
    const ssize_t count = pread(file_, bytes, size, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return failure("read", count < 0 ? errno : EIO);
    }
    bytes += count;
    size -= static_cast<size_t>(count);
    offset += static_cast<uint64_t>(count);
  }
  return {};
}

}  // namespace kvsarchive::clip
