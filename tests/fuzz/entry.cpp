// SPDX-License-Identifier: LGPL-2.1-or-later
// What libFuzzer calls; built once per target, whose name is FUZZ_TARGET.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string problem =
      kvsarchive::fuzz::FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  if (!problem.empty()) {
    std::fprintf(stderr, "%s\n", problem.c_str());
    std::abort();
  }
  return 0;
}
