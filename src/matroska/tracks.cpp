// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/tracks.h"

#include "base/text.h"
#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"

namespace kvsarchive::matroska {
namespace {

constexpr size_t kMaxTracks = 64;  // the service takes 3
/// Ids, sizes and numbers of one written track, or of the element around all.
constexpr size_t kMaxNumberBytes = 64;
constexpr size_t kMaxShownCodec = 64;
/// What fits the 8 bytes that a block has for it.
constexpr uint64_t kMaxTrackNumber = (uint64_t{1} << 56) - 2;

Status readEntryChild(const Element& child, Track* track) {
  switch (child.id) {
    case ids::kTrackNumber:
    case ids::kTrackUid:
    case ids::kTrackType: {
      const auto value = readUnsigned(child.payload);
      if (!value) {
        return value.error();
      }
      if (child.id == ids::kTrackNumber) {
        track->number = *value;
      } else if (child.id == ids::kTrackUid) {
        track->uid = *value;
      } else {
        track->type = *value <= UINT8_MAX ? static_cast<TrackType>(*value) : TrackType();
      }
      break;
    }
    case ids::kCodecId:
      track->codecId = readString(child.payload);
      break;
    case ids::kTrackName:
      track->name = readString(child.payload);
      break;
    case ids::kVoid:
    case ids::kCrc32:
    case ids::kTrackTimecodeScale:
      break;
    default:
      track->parameters += child.whole;
  }
  return {};
}

}  // namespace

std::string describe(const Track& track) {
  const char* type = "other";
  if (track.type == TrackType::kVideo) {
    type = "video";
  } else if (track.type == TrackType::kAudio) {
    type = "audio";
  }
  return std::string(type) + " track " + std::to_string(track.number) + " (" +
         oneLine(track.codecId, kMaxShownCodec) + ")";
}

Result<std::vector<Track>> parseTracks(std::string_view tracksPayload) {
  std::vector<Track> tracks;
  const Status read = forEachChild(tracksPayload, [&](const Element& child) -> Status {
    if (child.id != ids::kTrackEntry) {
      return {};
    }
    Track track;
    Status entry = forEachChild(child.payload, [&](const Element& grandchild) {
      return readEntryChild(grandchild, &track);
    });
    if (!entry) {
      return entry;
    }
    for (const Track& other : tracks) {
      if (other.number == track.number) {
        return makeError(ErrorKind::kDecode, "The media has two tracks with one number");
      }
    }
    if (track.number == 0 || track.number > kMaxTrackNumber) {
      return makeError(ErrorKind::kDecode, "The media has a track without a usable number");
    }
    if (tracks.size() == kMaxTracks) {
      return makeError(ErrorKind::kDecode, "The media has more than 64 tracks");
    }
    tracks.push_back(std::move(track));
    return {};
  });
  if (!read) {
    return read.error();
  }
  if (tracks.empty()) {
    return makeError(ErrorKind::kDecode, "The media has no tracks");
  }
  Status fits = checkWritable(tracks);
  if (!fits) {
    return fits.error();
  }
  return tracks;
}

Status checkWritable(const std::vector<Track>& tracks) {
  size_t bytes = kMaxNumberBytes;
  for (const Track& track : tracks) {
    bytes += track.parameters.size() + track.codecId.size() + track.name.size() + kMaxNumberBytes;
  }
  if (bytes > kMaxElementBytes) {
    return makeError(ErrorKind::kDecode, "The media has more than 15 MiB of codec parameters");
  }
  return {};
}

std::string writeTracks(const std::vector<Track>& tracks) {
  EbmlWriter entries;
  for (const Track& track : tracks) {
    EbmlWriter entry;
    entry.writeUnsigned(ids::kTrackNumber, track.number);
    // matroskademux ends the stream at a UID of 0, which here means that the chunk had none.
    entry.writeUnsigned(ids::kTrackUid, track.uid != 0 ? track.uid : track.number);
    entry.writeUnsigned(ids::kTrackType, static_cast<uint8_t>(track.type));
    entry.writeBinary(ids::kCodecId, track.codecId);
    if (!track.name.empty()) {
      entry.writeBinary(ids::kTrackName, track.name);
    }
    entry.writeRaw(track.parameters);
    entries.writeBinary(ids::kTrackEntry, entry.bytes());
  }
  EbmlWriter tracksElement;
  tracksElement.writeBinary(ids::kTracks, entries.bytes());
  return tracksElement.take();
}

}  // namespace kvsarchive::matroska
