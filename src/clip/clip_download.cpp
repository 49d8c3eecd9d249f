// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_download.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"
#include "clip/clip_error.h"
#include "clip/clip_limits.h"

namespace kvsarchive::clip {
namespace {

/// This thread has nothing else to do than to take it.
constexpr size_t kReadAhead = size_t{4} << 20;

/// What came may have been spoilt on its way.
Error again(Error error) {
  error.recovery = Recovery::kRetry;
  return error;
}

/// The service's clips are not nearly as large: it would fill the disk.
Status checkSize(uint64_t bytes) {
  return bytes <= 4 * kMaxClipBytes
             ? Status()
             : makeError(ErrorKind::kDecode, "the answer is larger than any clip of the service");
}

}  // namespace

ClipDownload::ClipDownload(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& selector,
                           size_t fragments, ClipPart& part, std::atomic<uint64_t>& receivedBytes)
    : client_(client),
      selector_(selector),
      fragments_(static_cast<unsigned>(std::clamp<size_t>(fragments, 1, kMaxClipFragments))),
      spool_(part.spool),
      movieEnd_(part.movieEnd),
      receivedBytes_(receivedBytes),
      budget_(client.newRetryBudget()) {}

Result<ReceivedClip> ClipDownload::run(const CancelToken& cancel) {
  for (;;) {
    auto clip = attempt(cancel);
    if (clip || clip.error().recovery == Recovery::kNone) {
      return clip;
    }
    Error error = std::move(clip.error());
    if (error.recovery == Recovery::kResume) {  // the disk was too slow
      error.recovery = Recovery::kRetry;
    }
    client_.countRetry(error);
    const auto delay = budget_.next(error.recovery);
    if (!delay) {
      return http::givenUp(std::move(error), budget_);
    }
    log::write(log::Level::kWarning, log::Area::kClip,
               "the clip is asked for again in " + std::to_string(delay->count()) +
                   " ms: " + error.message);
    if (!cancel.sleepFor(*delay)) {
      return cancelledError();
    }
    last_ = Bytes();
    spool_.restart();
  }
}

Result<ReceivedClip> ClipDownload::attempt(const CancelToken& cancel) {
  const auto call = client_.getClip(selector_, fragments_, kReadAhead, budget_);
  auto body = client_.wait(*call, cancel);
  if (!body) {
    return explained(std::move(body.error()), selector_);
  }
  auto clip = receive(**body, cancel);
  if (!clip && clip.error().kind != ErrorKind::kCancelled) {
    return (*body)->annotate(std::move(clip.error()));
  }
  return clip;
}

Result<ReceivedClip> ClipDownload::receive(kvs::MediaBody& body, const CancelToken& cancel) {
  if (body.length()) {
    const Status bounded = checkSize(*body.length());
    if (!bounded) {
      return bounded.error();
    }
    const Status announced = spool_.announce(*body.length());
    if (!announced) {
      return announced.error();
    }
  }
  Mp4Outline outline;
  uint64_t size = 0;
  for (;;) {
    auto bytes = body.read(cancel);
    if (!bytes) {
      return bytes.error();
    }
    if (bytes->empty()) {
      break;
    }
    size += bytes->size();
    receivedBytes_ += bytes->size();
    if (size > furthest_) {
      furthest_ = size;
      budget_.progress();
    }
    const Status bounded = checkSize(size);
    if (!bounded) {
      return bounded.error();
    }
    const Status isMp4 = outline.add(bytes->view());
    if (!isMp4) {
      return again(isMp4.error());
    }
    if (const auto end = outline.movieEnd()) {
      movieEnd_ = *end;
    }
    const bool mayBeLast = !body.length() || size >= *body.length();
    const Status taken = take(std::move(*bytes), mayBeLast);
    if (!taken) {
      return taken.error();
    }
  }
  const Status isWhole = outline.end();
  if (!isWhole) {
    return again(isWhole.error());
  }
  return ReceivedClip{size, outline.duration(), body.length().has_value()};
}

/// What may be the end is kept until it is known that the clip is good.
Status ClipDownload::take(Bytes bytes, bool mayBeLast) {
  std::swap(bytes, last_);
  Status done = bytes.empty() ? Status() : spool_.append(std::move(bytes));
  if (done && !mayBeLast) {
    done = spool_.append(std::exchange(last_, Bytes()));
  }
  return done;
}

Status ClipDownload::finish() {
  Status done = take(Bytes(), true);
  return done ? spool_.finish() : done;
}

}  // namespace kvsarchive::clip
