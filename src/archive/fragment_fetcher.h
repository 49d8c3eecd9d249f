// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "archive/fragment_media.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"
#include "matroska/chunk_parser.h"

namespace kvsarchive::archive {

/// A fragment begins. Enough of it is there to know its tags and its earliest block.
struct FragmentBegin {
  kvs::Fragment fragment;
  matroska::ChunkHeader header;
  int64_t earliestTicks = 0;  ///< 0 if it has no blocks
};

/// All blocks of the fragment were handed on.
struct FragmentEnd {};

/// The service has no media for this fragment, although it was asked repeatedly.
struct FragmentMissing {
  kvs::Fragment fragment;
  std::string reason;
};

/// Nothing of the batch is left.
struct BatchEnd {};

using FetchEvent =
    std::variant<FragmentBegin, matroska::ChunkBlock, FragmentEnd, FragmentMissing, BatchEnd>;

/// Fetches one batch after the other and hands on its fragments in the order asked for, in whatever
/// order the service sends them.
class FragmentFetcher {
 public:
  /// A fragment begins when it is complete or this much of it is there, so that its tags, which
  /// stand behind the media, are known as a rule without holding a fragment of 50 MB.
  static constexpr size_t kHoldBytes = size_t{4} << 20;
  /// The document's first fragment is held longer: the origin is the time of its earliest block.
  static constexpr size_t kHoldFirstBytes = size_t{64} << 20;

  /// All that may wait for fragments before it: a batch and one fragment at its largest.
  static constexpr size_t kMaxHeldBytes = size_t{128} << 20;

  explicit FragmentFetcher(kvs::ArchivedMediaClient& client) : client_(client) {}

  /// Takes the next batch; call it at the start and after BatchEnd.
  void start(std::vector<kvs::Fragment> batch);

  /// The next event. Blocks: until enough has arrived. Errors: the client's and the transport's;
  /// kDecode for media that can't be read. After kCancelled nothing is lost: call again.
  Result<FetchEvent> next(const CancelToken& cancel);

  /// Bytes of media received since construction.
  uint64_t receivedBytes() const { return receivedBytes_; }

 private:
  std::optional<FetchEvent> takeFromHead();
  Status receive(const CancelToken& cancel);
  Status parseReceived();
  void endAnswer();
  Status sort(matroska::ChunkEvent event);
  Status beginChunk(matroska::ChunkHeader header);
  Status endChunk(const matroska::ChunkEnd& end);
  Status hold(matroska::ChunkBlock block);
  const FragmentMedia* beingReceived() const;
  Error withContext(Error error) const;

  kvs::ArchivedMediaClient& client_;
  std::deque<FragmentMedia> pending_;  ///< in the order wanted
  std::unique_ptr<kvs::MediaBody> body_;
  matroska::ChunkParser parser_;
  FragmentMedia* current_ = nullptr;  ///< whose chunk is being received, in pending_
  bool bodyEnded_ = false;            ///< nothing more will be asked for
  bool broughtMedia_ = false;         ///< the current answer completed a fragment
  int fruitless_ = 0;                 ///< answers in a row that did not
  std::optional<Error> failed_;       ///< told once all that came before it was handed on
  bool firstOfDocument_ = true;
  size_t heldBytes_ = 0;  ///< of all in pending_
  uint64_t receivedBytes_ = 0;
};

}  // namespace kvsarchive::archive
