// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/bell.h"
#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "clip/clip_options.h"
#include "clip/clip_part.h"
#include "clip/clip_stats.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::clip {

/// Downloads the clips of a range on a thread of its own, to be read while they arrive: one clip,
/// or several with LongClips::kSplit. Any thread.
class ClipReader {
 public:
  /// Finds the client to ask; may block. Called on the reader's thread.
  using Open = std::function<Result<kvs::ArchivedMediaClient*>(const CancelToken&)>;
  /// Takes what the user should know, on the reader's thread.
  using Warn = std::function<void(const std::string&)>;

  ClipReader(ClipOptions options, Open open, Warn warn);
  /// Gives up what is under way.
  ~ClipReader();
  ClipReader(const ClipReader&) = delete;
  ClipReader& operator=(const ClipReader&) = delete;

  /// The file of that index, from 0, each asked for when the one before is read; those before it
  /// are forgotten. Null: there are no more. The first call starts the thread. Blocks until the
  /// file is about to be asked for. What goes wrong with a file is told when it is read. Errors:
  /// kCancelled; the client's; kSettings where the range does not suit.
  Result<std::shared_ptr<ClipPart>> part(size_t index, const CancelToken& cancel);

  /// Of the first file, if it is known already.
  std::optional<uint64_t> knownSize();

  ClipStats stats();

 private:
  struct State {
    std::deque<std::shared_ptr<ClipPart>> parts;  ///< from firstPart on
    size_t firstPart = 0;
    bool complete = false;  ///< no more will come
    std::optional<Error> error;
    kvs::ArchivedMediaClient* client = nullptr;
    ClipStats stats;
  };

  void run();
  Status read(kvs::ArchivedMediaClient& client);
  Status readOne(kvs::ArchivedMediaClient& client);
  Status readSplit(kvs::ArchivedMediaClient& client);
  Result<ListedRange> list(kvs::ArchivedMediaClient& client);
  Result<std::shared_ptr<ClipPart>> addPart(ClipWindow window);
  Status download(kvs::ArchivedMediaClient& client, ClipPart& part);
  void count(const ReceivedClip& clip);
  Status judgeClip(const ClipPart& part, const ReceivedClip& clip);

  const ClipOptions options_;
  const Open open_;
  const Warn warn_;
  std::atomic<uint64_t> receivedBytes_{0};
  std::optional<kvs::Fragment> lastComplete_;  ///< of split clips; the thread's
  std::string unlisted_;  ///< why fragments can't be listed, if that was tried; the thread's
  CancelToken stop_;
  Bell bell_;
  Guarded<State> state_;
  std::thread thread_;
};

}  // namespace kvsarchive::clip
