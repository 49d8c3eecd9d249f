// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/track_reader.h"

#include <cmath>

#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"

namespace kvsemulator {
namespace {

void readVideo(std::string_view content, Track& track) {
  forEachChild(content, [&](const EbmlElement& child, std::string_view value) {
    if (child.id == ebml::kPixelWidth) {
      track.width = static_cast<int>(readNumber(value));
    } else if (child.id == ebml::kPixelHeight) {
      track.height = static_cast<int>(readNumber(value));
    }
  });
}

void readAudio(std::string_view content, Track& track) {
  forEachChild(content, [&](const EbmlElement& child, std::string_view value) {
    if (child.id == ebml::kSamplingFrequency) {
      track.sampleRate = static_cast<int>(std::lround(readReal(value)));
    } else if (child.id == ebml::kChannels) {
      track.channels = static_cast<int>(readNumber(value));
    } else if (child.id == ebml::kBitDepth) {
      track.bitDepth = static_cast<int>(readNumber(value));
    }
  });
}

}  // namespace

std::pair<int, Track> readTrackEntry(std::string_view content) {
  int number = 0;
  Track track;
  forEachChild(content, [&](const EbmlElement& child, std::string_view value) {
    switch (child.id) {
      case ebml::kTrackNumber:
        number = static_cast<int>(readNumber(value));
        break;
      case ebml::kTrackType: {
        const uint64_t type = readNumber(value);
        track.type = type <= 2 ? static_cast<TrackType>(type) : TrackType::kOther;
        break;
      }
      case ebml::kCodecId:
        track.codecId = readText(value);
        break;
      case ebml::kTrackName:
        track.name = readText(value);
        break;
      case ebml::kCodecPrivate:
        track.codecPrivate = value;
        break;
      case ebml::kDefaultDuration:
        track.defaultDurationNs = static_cast<int64_t>(readNumber(value));
        break;
      case ebml::kVideo:
        readVideo(value, track);
        break;
      case ebml::kAudio:
        readAudio(value, track);
        break;
      default:
        break;
    }
  });
  return {number, std::move(track)};
}

}  // namespace kvsemulator
