// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_media.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "clip/codec_rules.h"
#include "matroska/chunk_reader.h"
#include "media/codec.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

Failure<ApiError> mediaError(const char* code, const char* message) {
  return {{400, code, message, false}};
}

Failure<ApiError> unsupported() {
  return mediaError("UnsupportedStreamMediaTypeException",
                    "The codec IDs of the tracks in the first fragment are not supported. Track 1 "
                    "must be H.264 or H.265 and the optional track 2 AAC or G.711.");
}

Failure<ApiError> missingCodecPrivate() {
  return mediaError("MissingCodecPrivateDataException",
                    "No codec private data was found in at least one of the tracks.");
}

Failure<ApiError> invalidCodecPrivate() {
  return mediaError("InvalidCodecPrivateDataException",
                    "The codec private data in at least one of the tracks is not valid for this "
                    "operation.");
}

Failure<ApiError> invalidFrame() {
  return mediaError("InvalidMediaFrameException",
                    "One or more frames in the requested clip could not be parsed based on the "
                    "specified codec.");
}

Bytes chunkOf(const Stream::Entry& entry) {
  std::vector<Bytes> pieces = entry.recording->chunk(entry.index);
  if (pieces.size() == 1) {
    return std::move(pieces.front());
  }
  std::string whole;
  whole.reserve(entry.info().sizeBytes);
  for (const Bytes& piece : pieces) {
    whole += piece.view();
  }
  return Bytes::take(std::move(whole));
}

class Reader {
 public:
  std::optional<ApiError> add(const Stream::Entry& entry) {
    const Bytes chunk = chunkOf(entry);
    const auto parsed = readChunk(chunk.view(), false);
    if (!parsed) {
      return invalidFrame().error;
    }
    if (media_.tracks.empty()) {
      if (auto error = chooseTracks(parsed->tracks)) {
        return error;
      }
    }
    if (auto error = checkTracks(parsed->tracks)) {
      return error;
    }
    return addFrames(*parsed, chunk, timeOf(entry.info()));
  }

  ClipMedia take() {
    auto& tracks = media_.tracks;
    tracks.erase(std::remove_if(tracks.begin(), tracks.end(),
                                [](const ClipTrack& track) { return track.frames.empty(); }),
                 tracks.end());
    int64_t firstNs = std::numeric_limits<int64_t>::max();
    for (const ClipTrack& track : media_.tracks) {
      for (const Frame& frame : track.frames) {
        firstNs = std::min(firstNs, frame.timeNs);
      }
    }
    for (ClipTrack& track : media_.tracks) {
      for (Frame& frame : track.frames) {
        frame.timeNs -= firstNs;
      }
    }
    media_.startMs = firstNs / kNsPerMs;
    return std::move(media_);
  }

 private:
  /// The first fragment's tracks are those of the clip.
  std::optional<ApiError> chooseTracks(const std::map<int, Track>& tracks) {
    for (const auto& [number, track] : tracks) {
      if (media_.tracks.size() == 2) {
        break;
      }
      if (media_.tracks.empty() ? !isClipVideo(track) : !isClipAudio(track)) {
        return unsupported().error;
      }
      places_[number] = media_.tracks.size();
      media_.tracks.push_back({track, {}});
    }
    return media_.tracks.empty() ? std::optional(unsupported().error) : std::nullopt;
  }

  /// They must stay what they are.
  std::optional<ApiError> checkTracks(const std::map<int, Track>& tracks) const {
    for (const auto& [number, place] : places_) {
      const auto track = tracks.find(number);
      if (track == tracks.end()) {
        continue;
      }
      if (track->second.codecPrivate.empty()) {
        return missingCodecPrivate().error;
      }
      const Track& first = media_.tracks[place].track;
      if (!hasValidPrivate(track->second) || track->second.codecId != first.codecId ||
          track->second.codecPrivate != first.codecPrivate) {
        return invalidCodecPrivate().error;
      }
    }
    return std::nullopt;
  }

  int64_t timeOf(const FragmentInfo& info) {
    if (lastMs_ && info.producerMs + shiftMs_ < *lastMs_) {
      shiftMs_ = *lastMs_ + lastLengthMs_ - info.producerMs;
    }
    lastMs_ = info.producerMs + shiftMs_;
    lastLengthMs_ = info.lengthMs;
    return *lastMs_;
  }

  std::optional<ApiError> addFrames(const ParsedChunk& parsed, const Bytes& chunk, int64_t timeMs) {
    for (size_t i = 0; i < parsed.frames.size(); ++i) {
      const FrameInfo& info = parsed.frames[i];
      const auto place = places_.find(info.track);
      if (place == places_.end()) {
        continue;
      }
      ClipTrack& to = media_.tracks[place->second];
      const std::string_view payload = parsed.payloads[i];
      if (!isValidFrame(to.track, payload)) {
        return invalidFrame().error;
      }
      Frame frame;
      frame.track = static_cast<int>(place->second) + 1;
      frame.timeNs = timeMs * kNsPerMs + info.offsetNs;
      frame.key = info.key;
      frame.data =
          chunk.slice(static_cast<size_t>(payload.data() - chunk.view().data()), payload.size());
      to.frames.push_back(std::move(frame));
    }
    return std::nullopt;
  }

  ClipMedia media_;
  std::map<int, size_t> places_;  ///< in the clip, by TrackNumber
  std::optional<int64_t> lastMs_;
  int64_t lastLengthMs_ = 0;
  int64_t shiftMs_ = 0;
};

}  // namespace

Result<ClipMedia, ApiError> readClipMedia(const std::vector<Stream::Entry>& fragments) {
  Reader reader;
  for (const Stream::Entry& entry : fragments) {
    if (auto error = reader.add(entry)) {
      return Failure<ApiError>{*error};
    }
  }
  ClipMedia media = reader.take();
  if (media.tracks.empty()) {
    return invalidFrame();
  }
  return media;
}

}  // namespace kvsemulator
