// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_reader.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/text.h"
#include "clip/clip_download.h"
#include "clip/clip_limits.h"
#include "kvs/empty_range.h"

namespace kvsarchive::clip {
namespace {

/// While one is read the next one arrives.
constexpr size_t kPartsAhead = 2;

/// How many fragments a clip costs that nothing is known of: few are shorter than a second.
size_t likelyFragments(const kvs::FragmentSelector& range) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(range.end - range.start);
  return static_cast<size_t>(std::min<int64_t>(seconds.count() + 1, kMaxClipFragments));
}

Error answered(ErrorKind kind, const char* operation, std::string text) {
  Error error = makeError(kind, std::move(text));
  error.operation = operation;
  return error;
}

Error tooLong(const char* operation, const std::string& what) {
  return answered(ErrorKind::kSettings, operation,
                  what +
                      ". With long-clips=error that is one: set truncate or split, ask for a "
                      "shorter range, or use kvsarchivesrc");
}

}  // namespace

ClipReader::ClipReader(ClipOptions options, Open open, Warn warn)
    : options_(std::move(options)), open_(std::move(open)), warn_(std::move(warn)) {}

ClipReader::~ClipReader() {
  stop_.cancel();
  if (thread_.joinable()) {
    thread_.join();
  }
}

Result<std::shared_ptr<ClipPart>> ClipReader::part(size_t index, const CancelToken& cancel) {
  for (;;) {
    const uint64_t count = bell_.count();
    if (cancel.isCancelled()) {
      return cancelledError();
    }
    {
      auto state = state_.lock();
      if (!thread_.joinable()) {
        thread_ = std::thread([this] { run(); });
      }
      while (state->firstPart < index && !state->parts.empty()) {
        state->parts.pop_front();
        ++state->firstPart;
        bell_.ring();
      }
      if (!state->parts.empty()) {
        return state->parts.front();
      }
      if (state->error) {
        return *state->error;
      }
      if (state->complete) {
        return std::shared_ptr<ClipPart>();
      }
    }
    if (!bell_.wait(count, std::nullopt, cancel)) {
      return cancelledError();
    }
  }
}

std::optional<uint64_t> ClipReader::knownSize() {
  auto state = state_.lock();
  return state->parts.empty() ? std::nullopt : state->parts.front()->spool.knownSize();
}

ClipStats ClipReader::stats() {
  auto state = state_.lock();
  ClipStats stats = state->stats;
  stats.receivedBytes = receivedBytes_;
  for (const auto& part : state->parts) {
    const Spool::Use use = part->spool.use();
    stats.spool.inMemory += use.inMemory;
    stats.spool.inFile += use.inFile;
  }
  if (state->client != nullptr) {
    stats.retries = state->client->retries();
    stats.pace = state->client->pace();
  }
  return stats;
}

void ClipReader::run() {
  const auto client = open_(stop_);
  Status done;
  if (client) {
    state_.lock()->client = *client;
    done = read(**client);
  } else {
    done = client.error();
  }
  {
    auto state = state_.lock();
    state->complete = true;
    if (!done) {
      state->error = std::move(done.error());
    }
  }
  bell_.ring();
}

Status ClipReader::read(kvs::ArchivedMediaClient& client) {
  return options_.longClips == LongClips::kSplit ? readSplit(client) : readOne(client);
}

/// What is in the range. If the list is not to be had, that is an error only where it decides.
Result<ListedRange> ClipReader::list(kvs::ArchivedMediaClient& client) {
  auto listed = ClipWindows(client, options_.selector).beginning(stop_);
  if (listed) {
    state_.lock()->stats.listedFragments = listed->fragments.size();
    return listed;
  }
  if (listed.error().kind == ErrorKind::kCancelled || options_.longClips == LongClips::kError) {
    return listed;
  }
  unlisted_ = withoutFullStop(listed.error().message);  // told if the clip is to be had
  return ListedRange();
}

Status ClipReader::readOne(kvs::ArchivedMediaClient& client) {
  ListedRange listed;
  if (options_.checkComplete) {
    auto found = list(client);
    if (!found) {
      return found.error();
    }
    listed = std::move(*found);
  }
  const std::string tooMuch = tooLongForClip(listed);
  if (options_.longClips == LongClips::kError && listed.fragments.empty()) {
    return kvs::emptyRange(options_.selector);
  }
  if (options_.longClips == LongClips::kError && !tooMuch.empty()) {
    return tooLong("ListFragments", tooMuch);
  }
  auto part = addPart({options_.selector, std::move(listed)});
  return part ? download(client, **part) : part.error();
}

Status ClipReader::readSplit(kvs::ArchivedMediaClient& client) {
  ClipWindows windows(client, options_.selector);
  bool isFirst = true;
  for (;;) {
    auto window = windows.next(stop_);
    if (!window) {
      return window.error();
    }
    if (!*window) {
      return isFirst ? Status(kvs::emptyRange(options_.selector)) : Status();
    }
    isFirst = false;
    state_.lock()->stats.listedFragments += (*window)->listed.fragments.size();
    auto part = addPart(std::move(**window));
    Status done = part ? download(client, **part) : part.error();
    if (!done) {
      return done;
    }
  }
}

/// Waits until there is room for one more.
Result<std::shared_ptr<ClipPart>> ClipReader::addPart(ClipWindow window) {
  const bool isSplit = options_.longClips == LongClips::kSplit;
  auto part = std::make_shared<ClipPart>(
      std::move(window), isSplit ? options_.spoolMemory / kPartsAhead : options_.spoolMemory);
  for (;;) {
    const uint64_t count = bell_.count();
    {
      auto state = state_.lock();
      if (state->parts.size() < kPartsAhead) {
        state->parts.push_back(part);
        break;
      }
    }
    if (!bell_.wait(count, std::nullopt, stop_)) {
      return cancelledError();
    }
  }
  bell_.ring();
  return part;
}

Status ClipReader::download(kvs::ArchivedMediaClient& client, ClipPart& part) {
  const size_t listed = part.window.listed.fragments.size();
  ClipDownload download(client, part.window.selector,
                        listed > 0 ? listed : likelyFragments(part.window.selector), part,
                        receivedBytes_);
  const auto clip = download.run(stop_);
  Status done = clip ? judgeClip(part, *clip) : clip.error();
  if (done) {
    count(*clip);  // who sees its end sees it counted
    done = download.finish();
  }
  if (!done) {
    Error error = std::move(done.error());
    if (lastComplete_) {
      error.lastFragment = lastComplete_->number;
      error.lastFragmentTime = timeOf(*lastComplete_, part.window.selector.type);
    }
    part.spool.fail(error);
    return error;
  }
  if (options_.longClips == LongClips::kSplit) {
    lastComplete_ = part.window.listed.fragments.back();
  }
  return {};
}

void ClipReader::count(const ReceivedClip& clip) {
  auto state = state_.lock();
  ++state->stats.clips;
  state->stats.clipBytes += clip.bytes;
}

/// Tells whether a clip is complete, before its end is handed on.
Status ClipReader::judgeClip(const ClipPart& part, const ReceivedClip& clip) {
  if (!unlisted_.empty()) {
    warn_("It can't be checked whether the clip is complete, for its fragments can't be listed: " +
          unlisted_);
  }
  const Verdict verdict = judge(part.window.listed, clip);
  {
    auto state = state_.lock();
    state->stats.completeness = verdict.completeness;
    state->stats.leftOutFragments += verdict.leftOut;
    state->stats.endsAt = verdict.endsAt;
    state->stats.restAt = verdict.restAt;
  }
  if (verdict.text.empty()) {
    return {};
  }
  if (verdict.completeness == Completeness::kUnknown) {
    warn_("It is not certain that the clip is complete: " + verdict.text);
    return {};
  }
  if (options_.longClips == LongClips::kTruncate) {
    warn_("The clip is not complete: " + verdict.text);
    return {};
  }
  return options_.longClips == LongClips::kError
             ? tooLong("GetClip", "the clip is not complete: " + verdict.text)
             : answered(ErrorKind::kIncomplete, "GetClip",
                        "a clip is not complete that should be: " + verdict.text);
}

}  // namespace kvsarchive::clip
