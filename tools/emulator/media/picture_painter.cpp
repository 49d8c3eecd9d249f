// SPDX-License-Identifier: LGPL-2.1-or-later
#include "media/picture_painter.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

#include "base/wall_clock.h"

namespace kvsemulator {
namespace {

constexpr int kBars = 24;
constexpr uint8_t kBlack = 16;
constexpr uint8_t kWhite = 235;
constexpr int kGlyphWidth = 5;
constexpr int kGlyphHeight = 7;

/// Rows of 5 bits, leftmost pixel in the highest bit: the digits, then ':' and
/// '.'.
constexpr std::array<std::array<uint8_t, kGlyphHeight>, 12> kGlyphs{{
    {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E},
    {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E},
    {0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F},
    {0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E},
    {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02},
    {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E},
    {0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E},
    {0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08},
    {0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E},
    {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C},
    {0x00, 0x04, 0x04, 0x00, 0x04, 0x04, 0x00},
    {0x00, 0x00, 0x00, 0x00, 0x00, 0x0C, 0x0C},
}};

const std::array<uint8_t, kGlyphHeight>& glyph(char c) {
  if (c >= '0' && c <= '9') {
    return kGlyphs[static_cast<size_t>(c - '0')];
  }
  return kGlyphs[c == ':' ? 10 : 11];
}

}  // namespace

size_t PicturePainter::size() const { return static_cast<size_t>(width_) * height_ * 3 / 2; }

void PicturePainter::paint(uint8_t* out, int frameNumber, int64_t timeMs) const {
  background(out, frameNumber);
  char number[16];
  std::snprintf(number, sizeof number, "%06d", frameNumber);
  const int numberScale = std::max(1, width_ / 48);
  const int timeScale = std::max(1, width_ / 84);
  text(out, number, height_ / 6, numberScale);
  text(out, formatIso8601(timeMs).substr(11, 12), height_ / 6 + (kGlyphHeight + 3) * numberScale,
       timeScale);
  bars(out, frameNumber);
}

void PicturePainter::background(uint8_t* out, int frameNumber) const {
  const auto width = static_cast<size_t>(width_);
  for (int row = 0; row < height_; ++row) {
    std::memset(out + static_cast<size_t>(row) * width, 48 + ((row + frameNumber) & 63), width);
  }
  const size_t chroma = width * static_cast<size_t>(height_) / 4;
  std::memset(out + 4 * chroma, 112 + frameNumber % 32, chroma);
  std::memset(out + 5 * chroma, 144 - frameNumber % 32, chroma);
}

void PicturePainter::bars(uint8_t* luma, int frameNumber) const {
  const int top = height_ - std::max(8, height_ / 12);
  for (int row = top; row < height_; ++row) {
    uint8_t* line = luma + static_cast<size_t>(row) * static_cast<size_t>(width_);
    for (int x = 0; x < width_; ++x) {
      const int bit = kBars - 1 - x * kBars / width_;
      line[x] = ((frameNumber >> bit) & 1) != 0 ? kWhite : kBlack;
    }
  }
}

void PicturePainter::text(uint8_t* luma, const std::string& text, int top, int scale) const {
  const int left = (width_ - static_cast<int>(text.size()) * (kGlyphWidth + 1) * scale) / 2;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto& rows = glyph(text[i]);
    const int x = left + static_cast<int>(i) * (kGlyphWidth + 1) * scale;
    for (int row = 0; row < kGlyphHeight * scale && top + row < height_; ++row) {
      uint8_t* line = luma + static_cast<size_t>(top + row) * static_cast<size_t>(width_);
      for (int column = 0; column < kGlyphWidth * scale; ++column) {
        const bool set =
            ((rows[static_cast<size_t>(row / scale)] >> (kGlyphWidth - 1 - column / scale)) & 1) !=
            0;
        if (set && x + column >= 0 && x + column < width_) {
          line[x + column] = kWhite;
        }
      }
    }
  }
}

}  // namespace kvsemulator
