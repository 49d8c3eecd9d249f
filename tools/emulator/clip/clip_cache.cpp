// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_cache.h"

#include <algorithm>
#include <cstdio>

#include "base/wall_clock.h"
#include "clip/clip_media.h"
#include "clip/mp4_boxes.h"
#include "clip/mp4_muxer.h"

namespace kvsemulator {
namespace {

constexpr size_t kMaxClips = 8;
constexpr size_t kMaxBytes = 512 << 20;

std::string keyOf(const std::vector<Stream::Entry>& fragments, ClipLayout layout) {
  std::string key = std::to_string(static_cast<int>(layout));
  for (const Stream::Entry& entry : fragments) {
    key += " " + entry.info().number;
  }
  return key;
}

Result<Bytes, ApiError> makeClip(const std::vector<Stream::Entry>& fragments, ClipLayout layout) {
  auto media = readClipMedia(fragments);
  if (!media) {
    return Failure<ApiError>{media.error()};
  }
  const int64_t startMs = media->startMs;
  auto file = muxMp4(std::move(*media), layout);
  if (!file) {
    std::fprintf(stderr, "clip: %s\n", file.error().c_str());
    return Failure<ApiError>{{500, "InternalFailure", "", false}};
  }
  setCreationTime(*file, startMs / 1000);
  return Bytes::take(std::move(*file));
}

}  // namespace

Result<Bytes, ApiError> ClipCache::get(const Stream& stream,
                                       const std::vector<Stream::Entry>& fragments) {
  const ClipOptions& options = stream.options().clips;
  std::string key = keyOf(fragments, options.layout);
  auto found =
      std::find_if(clips_.begin(), clips_.end(), [&](const Clip& clip) { return clip.key == key; });
  if (found != clips_.end()) {
    std::rotate(clips_.begin(), found, found + 1);
  } else {
    auto made = makeClip(fragments, options.layout);
    if (!made) {
      return made;
    }
    clips_.push_front({std::move(key), std::move(*made)});
    size_t bytes = 0;
    size_t kept = 0;
    while (kept < clips_.size() && kept < kMaxClips &&
           (kept == 0 || bytes + clips_[kept].file.size() <= kMaxBytes)) {
      bytes += clips_[kept++].file.size();
    }
    clips_.resize(kept);
  }
  if (options.creation == ClipCreation::kRecording) {
    return clips_.front().file;
  }
  lastRequestS_ = std::max(nowMs() / 1000, lastRequestS_ + 1);
  std::string copy(clips_.front().file.view());
  setCreationTime(copy, lastRequestS_);
  return Bytes::take(std::move(copy));
}

}  // namespace kvsemulator
