// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kvsemulator {

/// Paints test pictures in I420: a moving background, the number of the frame,
/// its wall-clock time, and the number once more as 24 black and white bars at
/// the lower edge, for programs to read.
class PicturePainter {
 public:
  PicturePainter(int width, int height) : width_(width), height_(height) {}

  size_t size() const;
  /// `out` has room for size() bytes.
  void paint(uint8_t* out, int frameNumber, int64_t timeMs) const;

 private:
  void background(uint8_t* out, int frameNumber) const;
  void bars(uint8_t* luma, int frameNumber) const;
  void text(uint8_t* luma, const std::string& text, int top, int scale) const;

  int width_;
  int height_;
};

}  // namespace kvsemulator
