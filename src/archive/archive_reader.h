// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "archive/archive_options.h"
#include "archive/document_writer.h"
#include "archive/early_failure.h"
#include "archive/fetch_plan.h"
#include "archive/fragment_fetcher.h"
#include "archive/ledger.h"
#include "archive/progress_meter.h"
#include "archive/range_list.h"
#include "archive/reader_output.h"
#include "archive/run_stats.h"
#include "archive/seek_grid.h"
#include "base/cancel_token.h"
#include "base/fifo.h"
#include "base/guarded.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::archive {

/// Reads a time range of one stream as one Matroska document: list -> plan -> fetch -> splice.
/// next() and seek() are for one thread; ledger(), stats(), origin(), duration() and seekGrid() for
/// any.
class ArchiveReader {
 public:
  ArchiveReader(kvs::ArchivedMediaClient& client, const ArchiveOptions& options);

  /// The next thing to hand on, in this order: Progress for each step, DocumentHeader, then per
  /// fragment FragmentStart and MediaBlocks, at last EndOfArchive, for ever. Warnings,
  /// DurationChanged and ProgressReports anywhere.
  /// Blocks: while the service answers, and before it is asked again. Errors: the client's, with
  /// the last fragment that was handed on completely; kNotFound for an empty range, for one of
  /// whose fragments none has media, and for a missing fragment if that is to be an error;
  /// kTrackChange and kDecode for media that can't be joined or read.
  /// After kCancelled nothing is lost: call again. Any other error stays.
  Result<ReaderOutput> next(const CancelToken& cancel);

  /// What comes next begins with the fragment that covers presentation time `pts`, or with the one
  /// behind it, or is EndOfArchive; without `pts` with the DocumentHeader. Times stay as they are,
  /// but for shifts: those follow from what comes before. Drops all that was fetched and not handed
  /// on, and closes its connections. Needs a seekGrid(). An error that next() told stays.
  /// `spacing`: for pictures in passing, fragments that begin earlier than that behind the last one
  /// that was wanted are left out, and counted nowhere; 0: all are wanted.
  void seek(std::optional<std::chrono::milliseconds> pts,
            std::chrono::milliseconds spacing = std::chrono::milliseconds(0));

  Ledger ledger() { return *ledger_.lock(); }
  RunStats stats();
  /// Wall clock of presentation time 0; none before the first fragment.
  std::optional<UnixTime> origin() { return *origin_.lock(); }
  /// From the first frame to the end of the range, or of its last fragment once that is listed;
  /// none before any fragment is listed.
  std::optional<std::chrono::milliseconds> duration() { return *duration_.lock(); }
  /// The map that the document's cues stand for; none before the header, and if not wanted.
  std::optional<SeekGrid> seekGrid() { return *seekGrid_.lock(); }

 private:
  /// Fragments listed ahead of what is asked for: about a window of the list, and after a seek as
  /// few as it takes, twice as many with each fragment that was handed on. Each that is listed
  /// costs a point of the stream's quota, and another seek may follow.
  static constexpr size_t kMaxPlanned = 500;
  static constexpr size_t kPlannedAtFirst = 16;

  enum class Stage { kStart, kOpen, kFirstList, kFetch, kEnd };

  void dropOutputs();
  Status advance(const CancelToken& cancel);
  Status open(const CancelToken& cancel);
  Status firstList(const CancelToken& cancel);
  void pollMediaEndpoint(const CancelToken& cancel);
  Status waitInStep(Progress::Step step, uint64_t count, const CancelToken& cancel);
  std::optional<Status> list(const CancelToken& cancel);
  void takeListed(std::vector<kvs::Fragment> fragments);
  void leaveOutBetween(std::vector<kvs::Fragment>& fragments);
  Status fetch(const CancelToken& cancel);
  Status fill(const CancelToken& cancel);
  std::optional<Bell::TimePoint> wakeAt() const;
  bool waitForNews(uint64_t count, std::optional<Bell::TimePoint> until, const CancelToken& cancel);
  void measure();
  void takeSample(Bell::TimePoint now);
  Status handle(FetchEvent&& event);

  Status beginFragment(FragmentBegin begin);
  void tellSuperseded(uint64_t count);
  UnixTime endOfRange() const;
  void tellDuration();
  Error nothingLeft();
  Error withContext(Error error);

  kvs::ArchivedMediaClient& client_;
  ArchiveOptions options_;
  RangeList list_;
  FetchPlan plan_;
  FragmentFetcher fetcher_;
  Fifo<ReaderOutput> outputs_;
  Guarded<Ledger> ledger_;
  DocumentWriter writer_;

  Stage stage_ = Stage::kStart;
  std::unique_ptr<kvs::EndpointCall> listEndpoint_;   ///< while it is looked up
  std::unique_ptr<kvs::EndpointCall> mediaEndpoint_;  ///< the same
  std::optional<EarlyFailure> mediaEndpointFailed_;
  uint64_t retriesTold_ = 0;
  uint64_t filledAt_ = 0;  ///< count of the bell
  bool refill_ = true;     ///< more may be listed or fetched now
  std::optional<EarlyFailure> listFailed_;
  std::optional<UnixTime> firstListed_;
  UnixTime listedEnd_{};    ///< of the fragments listed so far
  bool endListed_ = false;  ///< the last one is among them
  bool anyListed_ = false;  ///< of the range, since the last seek
  bool landing_ = false;    ///< after a seek: no fragment is complete yet
  size_t planned_ = kMaxPlanned;
  std::chrono::milliseconds spacing_{0};
  UnixTime wantedFrom_ = UnixTime::min();  ///< with a spacing: the next fragment's time
  std::optional<Error> failed_;

  ProgressMeter meter_;
  uint64_t receivedBytes_ = 0;  ///< as of the last sample

  std::mutex turn_;          ///< of who goes on, or looks how it gets on
  Guarded<RunStats> stats_;  ///< but for the ledger
  Guarded<std::optional<UnixTime>> origin_;
  Guarded<std::optional<std::chrono::milliseconds>> duration_;
  Guarded<std::optional<SeekGrid>> seekGrid_;
};

}  // namespace kvsarchive::archive
