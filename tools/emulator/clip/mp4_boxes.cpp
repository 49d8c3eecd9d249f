// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/mp4_boxes.h"

#include <vector>

#include "matroska/ebml_element.h"

namespace kvsemulator {
namespace {

constexpr size_t kHead = 8;                        // size and type
constexpr int64_t kSecondsTo1970 = 2'082'844'800;  // from 1904

struct Box {
  std::string_view type;
  size_t begin;
  size_t end;
};

std::vector<Box> boxesIn(std::string_view mp4, size_t begin, size_t end) {
  std::vector<Box> boxes;
  while (begin + kHead <= end) {
    uint64_t size = readNumber(mp4.substr(begin, 4));
    if (size == 1 && begin + 2 * kHead <= end) {
      size = readNumber(mp4.substr(begin + kHead, 8));
    }
    if (size < kHead || size > end - begin) {
      break;
    }
    boxes.push_back({mp4.substr(begin + 4, 4), begin, begin + static_cast<size_t>(size)});
    begin += static_cast<size_t>(size);
  }
  return boxes;
}

void writeNumber(std::string& mp4, size_t offset, size_t length, uint64_t value) {
  for (size_t i = length; i > 0; --i, value >>= 8) {
    mp4[offset + i - 1] = static_cast<char>(value);
  }
}

void setTimes(std::string& mp4, size_t begin, size_t end, uint64_t time) {
  for (const Box& box : boxesIn(mp4, begin, end)) {
    if (box.type == "moov" || box.type == "trak" || box.type == "mdia") {
      setTimes(mp4, box.begin + kHead, box.end, time);
    } else if (box.type == "mvhd" || box.type == "tkhd" || box.type == "mdhd") {
      const size_t length = mp4[box.begin + kHead] == 1 ? 8 : 4;  // by the box's version
      const size_t creation = box.begin + kHead + 4;
      writeNumber(mp4, creation, length, time);
      writeNumber(mp4, creation + length, length, time);
    }
  }
}

/// A media segment of a session.
bool isSegment(std::string_view body) {
  return body.size() >= kHead && body.substr(4, 4) == "styp";
}

}  // namespace

void setCreationTime(std::string& mp4, int64_t unixSeconds) {
  setTimes(mp4, 0, mp4.size(), static_cast<uint64_t>(unixSeconds + kSecondsTo1970));
}

bool isMp4(std::string_view body) {
  return isSegment(body) || (body.size() >= kHead && body.substr(4, 4) == "ftyp");
}

ChunkPlaces findMp4Places(std::string_view mp4) {
  const size_t middle = mp4.size() / 2;
  ChunkPlaces places{middle, middle, middle};
  std::vector<Box> media;
  for (const Box& box : boxesIn(mp4, 0, mp4.size())) {
    if (box.type == (isSegment(mp4) ? "moof" : "moov")) {
      places.midHeader = (box.begin + box.end) / 2;
      places.blockEdge = box.end == mp4.size() ? box.begin : box.end;
    } else if (box.type == "mdat") {
      media.push_back(box);
    }
  }
  if (!media.empty()) {
    const Box& box = media[media.size() / 2];
    places.midBlock = (box.begin + box.end) / 2;
  }
  return places;
}

}  // namespace kvsemulator
