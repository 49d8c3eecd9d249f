// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "archive/media_answer.h"
#include "archive/pending_fragments.h"
#include "archive/range_trim.h"
#include "archive/size_check.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::archive {

/// A fragment begins. Enough of it is there to know its tags and its earliest block.
struct FragmentBegin {
  kvs::Fragment fragment;
  matroska::ChunkHeader header;
  int64_t earliestTicks = 0;  ///< 0 if it has no blocks
  uint64_t trimmed = 0;       ///< blocks left out because they are outside of the range
};

/// No more blocks of the fragment follow.
struct FragmentEnd {
  std::string cutShort;   ///< why the rest of it is not to be had; empty if it is complete
  std::string wrongSize;  ///< it is complete, but of another size than listed: in words
};

/// All blocks of a fragment lie outside of the range, or it is not to be had and does not reach
/// into the range by its listed length: as if it were not listed.
struct FragmentOutside {};

/// Nothing of this fragment is to be had, although the service was asked repeatedly.
struct FragmentSkipped {
  kvs::Fragment fragment;
  bool unreadable = false;  ///< the service has media that can't be parsed; else it has none
  std::string reason;
};

/// Nothing of the batch is left.
struct BatchEnd {};

using FetchEvent = std::variant<FragmentBegin, matroska::ChunkBlock, FragmentEnd, FragmentOutside,
                                FragmentSkipped, BatchEnd>;

/// Fetches one batch after the other and hands on its fragments in the order asked for, in whatever
/// order the service sends them. When an answer breaks off only what was not received is asked for
/// again; a fragment whose first blocks were handed on goes on at the next block. That costs no
/// attempt when nobody had called next() for long: services close connections that rest.
class FragmentFetcher {
 public:
  /// A fragment begins when it is complete or this much of it is there, so that its tags, which
  /// stand behind the media, are known as a rule without holding a fragment of 50 MB.
  static constexpr size_t kHoldBytes = size_t{4} << 20;
  /// What has to be complete before it begins: the document's first fragment, since the origin is
  /// the time of its earliest block, and what may have to be trimmed.
  static constexpr size_t kHoldWholeBytes = size_t{64} << 20;

  FragmentFetcher(kvs::ArchivedMediaClient& client, const RangeTrim& trim);

  /// Takes the next batch; call it at the start and after BatchEnd.
  void start(std::vector<kvs::Fragment> batch);

  /// The next event. Blocks: until enough has arrived, pauses before asking again included.
  /// Errors: the client's and the transport's, once attempts without progress are used up; kDecode
  /// for an answer that can't be read. After kCancelled nothing is lost: call again.
  Result<FetchEvent> next(const CancelToken& cancel);

  /// The document's first fragment could not be used, so the next one is the first.
  void expectFirstAgain() { firstOfDocument_ = true; }

  /// Bytes of media received since construction.
  uint64_t receivedBytes() const { return receivedBytes_; }

 private:
  std::optional<FetchEvent> takeFromHead();
  bool enoughOfHead();
  FetchEvent beginHead();
  FetchEvent endHead();
  Status receive(const CancelToken& cancel);
  Status ask(const CancelToken& cancel);

  Status settle(std::optional<Error> failure);
  void settleAbsent(FragmentMedia& media, std::optional<Error>* failure);
  void countInVain(FragmentMedia& media);
  Status planNextTry(const std::optional<Error>& failure, bool inVain);

  kvs::ArchivedMediaClient& client_;
  RangeTrim trim_;
  PendingFragments pending_;
  SizeCheck sizes_;
  std::optional<MediaAnswer> answer_;
  http::RetryBudget budget_;    ///< of attempts that failed
  http::RetryBudget patience_;  ///< pauses before asking again for what good answers lack
  int maxFruitless_;            ///< times that a fragment is asked for
  std::chrono::milliseconds pause_{0};
  std::chrono::steady_clock::time_point lastReceived_;
  bool leftWaiting_ = false;      ///< nobody read the current answer for long
  size_t atOnce_ = SIZE_MAX;      ///< fragments that the service takes in one request
  bool alone_ = false;            ///< ask for one fragment only: answers can't be told apart
  bool answerBrought_ = false;    ///< the current answer brought anything new
  std::optional<Error> failed_;   ///< told once all that came before it was handed on
  bool skippedUnproven_ = false;  ///< a fragment, by answers that had nothing at all
  bool firstOfDocument_ = true;
  uint64_t receivedBytes_ = 0;
};

}  // namespace kvsarchive::archive
