// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "archive/fetch_plan.h"
#include "archive/fragment_clock.h"
#include "archive/fragment_fetcher.h"
#include "archive/fragment_lister.h"
#include "archive/ledger.h"
#include "archive/reader_output.h"
#include "base/cancel_token.h"
#include "base/guarded.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"
#include "matroska/splicer.h"

namespace kvsarchive::archive {

struct ArchiveOptions {
  kvs::FragmentSelector selector;
  FragmentClock clock = FragmentClock::kProducer;
  matroska::OnTrackChange onTrackChange = matroska::OnTrackChange::kError;
};

/// Reads a time range of one stream as one Matroska document: list -> plan -> fetch -> splice.
/// next() is for one thread; ledger(), origin() and duration() for any.
class ArchiveReader {
 public:
  ArchiveReader(kvs::ArchivedMediaClient& client, const ArchiveOptions& options);

  /// The next thing to hand on, in this order: Progress for each step, DocumentHeader, then per
  /// fragment FragmentStart and MediaBlocks, at last EndOfArchive, for ever. Warnings anywhere.
  /// Blocks: while the service answers. Errors: the client's; kNotFound for an empty range, and
  /// for one of whose fragments none has media;
  /// kDecode for media that can't be read or joined. After kCancelled nothing is lost: call again.
  Result<ReaderOutput> next(const CancelToken& cancel);

  Ledger ledger() { return *ledger_.lock(); }
  /// Wall clock of presentation time 0; none before the first fragment.
  std::optional<UnixTime> origin() { return *origin_.lock(); }
  /// From the first to the end of the last fragment listed so far; none before there is one.
  std::optional<std::chrono::milliseconds> duration() { return *duration_.lock(); }

 private:
  enum class Stage { kStart, kOpen, kList, kFetch, kEnd };

  Status advance(const CancelToken& cancel);
  Status open(const CancelToken& cancel);
  Status list(const CancelToken& cancel);
  Status fetch(const CancelToken& cancel);

  Status beginFragment(FragmentBegin begin);
  Status addBlock(matroska::ChunkBlock block);
  void endFragment();
  void countFrames();
  void skipMissing(const FragmentMissing& missing);
  void tellStart();
  void warnOfTracks(const kvs::Fragment& fragment, const matroska::FragmentSplice& splice);
  Error emptyRange() const;
  Error withContext(Error error) const;
  Error nothingLeft();

  kvs::ArchivedMediaClient& client_;
  ArchiveOptions options_;
  FragmentLister lister_;
  FetchPlan plan_;
  FragmentFetcher fetcher_;
  std::optional<matroska::Splicer> splicer_;

  Stage stage_ = Stage::kStart;
  UnixTime listedBegin_{};  ///< time of the first fragment
  bool batchRunning_ = false;
  bool skipping_ = false;               ///< the current fragment is left out
  bool afterSkip_ = false;              ///< the one before was
  std::optional<FragmentStart> start_;  ///< of the current fragment, not told yet
  std::string fragmentName_;            ///< the current fragment's, for errors
  std::string warnedDifference_;
  uint64_t fragmentFrames_ = 0;
  uint64_t fragmentDropped_ = 0;
  std::deque<ReaderOutput> outputs_;

  Guarded<Ledger> ledger_;
  Guarded<std::optional<UnixTime>> origin_;
  Guarded<std::optional<std::chrono::milliseconds>> duration_;
};

}  // namespace kvsarchive::archive
