// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes all seeds to <folder>/<target>/<name>, for libFuzzer to begin with.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "seeds.h"

int main(int argc, char** argv) {
  namespace fuzz = kvsarchive::fuzz;
  if (argc != 2) {
    std::cerr << "usage: make-corpus FOLDER\n";
    return 2;
  }
  const std::pair<const char*, fuzz::Seeds> targets[] = {
      {"chunk", fuzz::chunkSeeds()},       {"ebml", fuzz::ebmlSeeds()},
      {"json", fuzz::jsonSeeds()},         {"xml", fuzz::xmlSeeds()},
      {"date", fuzz::dateSeeds()},         {"url", fuzz::urlSeeds()},
      {"ini", fuzz::iniSeeds()},           {"sts", fuzz::stsSeeds()},
      {"manifest", fuzz::manifestSeeds()}, {"mp4", fuzz::mp4Seeds()}};
  for (const auto& [target, seeds] : targets) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / target;
    std::filesystem::create_directories(folder);
    for (const auto& [name, bytes] : seeds) {
      std::ofstream out(folder / name, std::ios::binary);
      out << bytes;
      if (!out.flush()) {
        std::cerr << "can't write " << folder / name << "\n";
        return 1;
      }
    }
  }
  return 0;
}
