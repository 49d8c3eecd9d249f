// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/sanitizers/sanitizer_libraries.h"

#include <link.h>

namespace kvsarchive::test {
namespace {

int collect(dl_phdr_info* info, size_t, void* data) {
  const std::string path = info->dlpi_name;
  const std::string file = path.substr(path.rfind('/') + 1);
  // In the order of loading, as they must be there too.
  for (const char* prefix : {"libasan.", "libtsan.", "libtsan-glib-locks."}) {
    if (file.compare(0, std::string(prefix).size(), prefix) == 0) {
      auto* paths = static_cast<std::string*>(data);
      *paths += (paths->empty() ? "" : ":") + path;
    }
  }
  return 0;
}

}  // namespace

std::string sanitizerLibraries() {
  std::string paths;
  dl_iterate_phdr(collect, &paths);
  return paths;
}

}  // namespace kvsarchive::test
