// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/home_path.h"

#include <glib.h>

#include "aws/environment.h"

namespace kvsarchive::aws {

std::string expandHome(const std::string& path) {
  if (path != "~" && path.compare(0, 2, "~/") != 0) {
    return path;
  }
  // GLib would keep what HOME was at first.
  std::string home = environmentVariable("HOME");
  if (home.empty()) {
    home = g_get_home_dir();
  }
  return home + path.substr(1);
}

}  // namespace kvsarchive::aws
