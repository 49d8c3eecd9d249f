// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/mp4_outline.h"

#include <algorithm>
#include <iterator>

namespace kvsarchive::clip {
namespace {

constexpr size_t kShortHeader = 8;
constexpr size_t kLongHeader = 16;
/// Enough of a movie box for the movie header, which is its first part.
constexpr size_t kMovieStart = 64;
/// Of the first box, a list of formats.
constexpr uint64_t kMostFileType = 4096;
constexpr double kMostMillis = 1e12;
constexpr uint64_t kToTheEnd = UINT64_MAX;

uint64_t number(const std::string& text, size_t offset, size_t size) {
  uint64_t value = 0;
  for (size_t i = offset; i < offset + size; ++i) {
    value = value << 8 | static_cast<uint8_t>(text[i]);
  }
  return value;
}

/// Before the movie box comes nothing else.
bool mayComeFirst(const std::string& type) {
  constexpr const char* kTypes[] = {"ftyp", "styp", "pdin", "free", "skip",
                                    "wide", "uuid", "meta", "mdat", "moov"};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

bool isPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

Mp4Outline::Mp4Outline() : wanted_(kShortHeader) {}

Status Mp4Outline::add(std::string_view bytes) {
  while (!bytes.empty()) {
    if (stage_ == Stage::kContent) {
      const auto skipped = static_cast<size_t>(std::min<uint64_t>(left_, bytes.size()));
      left_ -= left_ == kToTheEnd ? 0 : skipped;
      bytes.remove_prefix(skipped);
    } else {
      const size_t count = std::min(wanted_ - collected_.size(), bytes.size());
      collected_.append(bytes.substr(0, count));
      bytes.remove_prefix(count);
      if (collected_.size() < wanted_) {
        return {};
      }
      if (stage_ == Stage::kMovie) {
        readMovieHeader();
      } else {
        Status done = headerDone();
        if (!done) {
          return done;
        }
      }
    }
    if (stage_ == Stage::kContent && left_ == 0) {
      stage_ = Stage::kHeader;
      collected_.clear();
      wanted_ = kShortHeader;
    }
  }
  return {};
}

/// Looks at a box's header, or asks for the rest of it.
Status Mp4Outline::headerDone() {
  const uint64_t shortSize = number(collected_, 0, 4);
  const std::string type = collected_.substr(4, 4);
  if (shortSize == 1 && wanted_ == kShortHeader) {
    wanted_ = kLongHeader;
    return {};
  }
  const uint64_t size = shortSize == 1 ? number(collected_, kShortHeader, 8) : shortSize;
  const bool isBox = isPrintable(type) && (shortSize == 0 || size >= wanted_) && size <= INT64_MAX;
  const bool fits = boxes_ > 0 || type != "ftyp" || size <= kMostFileType;
  if (!movieEnd_ && !(isBox && mayComeFirst(type) && fits)) {
    return makeError(ErrorKind::kDecode, "the answer is no MP4 file");
  }
  const bool isEndless = shortSize == 0 || !isBox;  // behind the last box may be anything
  left_ = isEndless ? kToTheEnd : size - wanted_;
  stage_ = Stage::kContent;
  collected_.clear();
  boxes_ += isEndless ? wanted_ : size;
  lastType_ = type;
  hasMedia_ = hasMedia_ || type == "mdat";
  if (type == "moov") {
    movieEnd_ = boxes_;
    if (left_ >= kMovieStart) {
      stage_ = Stage::kMovie;
      wanted_ = kMovieStart;
    }
  }
  return {};
}

/// version, flags, two times, ticks per second, duration: the times are 64 bits in version 1.
void Mp4Outline::readMovieHeader() {
  if (collected_.compare(4, 4, "mvhd") == 0) {
    const bool isLong = collected_[8] == 1;
    const uint64_t scale = number(collected_, isLong ? 28 : 20, 4);
    const uint64_t ticks = isLong ? number(collected_, 32, 8) : number(collected_, 24, 4);
    const uint64_t unknown = isLong ? UINT64_MAX : UINT32_MAX;
    const double millis =
        scale > 0 ? static_cast<double>(ticks) * 1000 / static_cast<double>(scale) : 0;
    if (millis > 0 && ticks != unknown && millis < kMostMillis) {
      duration_ = std::chrono::milliseconds(static_cast<int64_t>(millis));
    }
  }
  left_ -= left_ == kToTheEnd ? 0 : wanted_;
  stage_ = Stage::kContent;
}

Status Mp4Outline::end() const {
  const bool isBetween = stage_ == Stage::kHeader && collected_.empty();
  const bool isInEndless = stage_ == Stage::kContent && left_ == kToTheEnd;
  const bool lacksMedia = !hasMedia_ || lastType_ == "moof";
  if (movieEnd_ && !lacksMedia && (isBetween || isInEndless)) {
    return {};
  }
  return makeError(ErrorKind::kRead, "the clip broke off inside of the MP4 file");
}

}  // namespace kvsarchive::clip
