// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace kvsemulator {

/// One step of splitmix64: spreads a counter or a seed over all 64 bits.
/// Everything that looks random in the emulator is made of it, so that runs can
/// be repeated.
inline uint64_t mix(uint64_t value) {
  value += 0x9e3779b97f4a7c15;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

inline uint64_t hashText(std::string_view text, uint64_t seed = 0) {
  uint64_t hash = mix(seed);
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  return mix(hash);
}

}  // namespace kvsemulator
