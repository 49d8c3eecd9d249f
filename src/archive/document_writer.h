// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <set>
#include <string>

#include "archive/archive_options.h"
#include "archive/fetch_event.h"
#include "archive/ledger.h"
#include "archive/reader_output.h"
#include "archive/seek_grid.h"
#include "base/fifo.h"
#include "base/guarded.h"
#include "matroska/splicer.h"

namespace kvsarchive::archive {

/// Makes one document of the fragments that were fetched: header, blocks, what is told of each
/// fragment, and what is lost, which is counted. One thread.
class DocumentWriter {
 public:
  /// The options, `outputs`, to which it adds, and `ledger` must outlive it.
  DocumentWriter(const ArchiveOptions& options, Fifo<ReaderOutput>& outputs,
                 Guarded<Ledger>& ledger)
      : options_(options), outputs_(outputs), ledger_(ledger) {}

  /// A fragment, its blocks in pieces, and its end. `listedEnd`: of the fragments listed so far.
  /// Errors: tracks that can't be joined; lost media, if that is to be an error.
  Status begin(FragmentBegin begin, UnixTime listedEnd);
  void add(FragmentBlocks blocks);
  Status end(FragmentEnd end);
  Status skip(const FragmentSkipped& skipped);

  /// Goes on at another place, there with Tracks and a Cluster. Of the fragment before only the
  /// frames count.
  void jump();
  /// Nothing more comes: settles the accounts.
  void fail();

  /// Whether the document has a header. If not, the four below must not be asked for.
  bool isBegun() const { return splicer_.has_value(); }
  const Bytes& header() const { return header_; }
  UnixTime origin() const { return splicer_->origin(); }
  /// Time of its first fragment.
  UnixTime firstFragment() const { return firstFragment_; }
  const std::optional<SeekGrid>& seekGrid() const { return seekGrid_; }
  /// Latest time of a block since the last jump.
  std::optional<UnixTime> position() const { return position_; }
  const std::optional<kvs::Fragment>& lastDelivered() const { return lastDelivered_; }

 private:
  /// The fragment whose blocks are handed on.
  struct Current {
    kvs::Fragment fragment;
    bool skipped = false;                ///< nothing of it is handed on
    std::string cutShort;                ///< why the rest of it is left out
    std::optional<FragmentStart> start;  ///< not told yet
    uint64_t frames = 0;
    uint64_t dropped = 0;
  };

  void beginDocument(const FragmentBegin& begin, const matroska::FragmentTime& time,
                     UnixTime listedEnd);
  void addBlock(matroska::ChunkBlock&& block);
  Status lose(const kvs::Fragment& fragment, ErrorKind kind, const std::string& what);
  void countFrames();
  void tellStart();
  void tellShift(const FragmentStart& start);
  void tellDroppedTags(const FragmentStart& start, uint64_t count);
  void tellTracks(const kvs::Fragment& fragment, const matroska::FragmentSplice& splice);

  const ArchiveOptions& options_;
  Fifo<ReaderOutput>& outputs_;
  Guarded<Ledger>& ledger_;

  std::optional<matroska::Splicer> splicer_;
  std::optional<SeekGrid> seekGrid_;
  Bytes header_;
  UnixTime firstFragment_{};
  Current current_;
  bool afterSkip_ = false;  ///< something was left out since the last block
  std::optional<UnixTime> position_;
  std::optional<kvs::Fragment> lastDelivered_;
  std::set<std::string> warnedDifferences_;
  bool warnedTags_ = false;
};

}  // namespace kvsarchive::archive
