// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <vector>

#include "archive/fragment_lister.h"

namespace kvsarchive::archive {

/// The fragments of a range in order, from its beginning or from any time in it.
/// One thread.
class RangeList {
 public:
  RangeList(kvs::ArchivedMediaClient& client, const ListOptions& options);

  /// What comes next begins with the fragment that covers `time` by the clock of ListOptions, or
  /// with the one behind it if none does. Fragments before `first` are as if not there.
  void seek(UnixTime time, UnixTime first);

  /// As FragmentLister has it.
  std::optional<Result<std::vector<kvs::Fragment>>> poll(const CancelToken& cancel);
  std::optional<Bell::TimePoint> wakeAt() const { return lister_->wakeAt(); }
  bool done() const { return lister_->done(); }
  UnixTime listedUntil() const { return lister_->listedUntil(); }
  /// Left out since it was asked the last time.
  uint64_t takeSuperseded();

 private:
  void dropBefore(std::vector<kvs::Fragment>& fragments) const;

  kvs::ArchivedMediaClient& client_;
  const ListOptions options_;
  std::optional<FragmentLister> lister_;
  std::optional<UnixTime> first_;
  std::optional<UnixTime> wanted_;  ///< where the lister could not be told to begin
  uint64_t superseded_ = 0;         ///< of the lister's, told
};

}  // namespace kvsarchive::archive
