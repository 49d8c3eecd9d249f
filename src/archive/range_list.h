// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <vector>

#include "archive/fragment_lister.h"

namespace kvsarchive::archive {

/// The fragments of a range in order, from its beginning or from any time in it. Remembers the last
/// ones listed, so that going to one of them, or on to what is being listed, takes no request.
/// One thread.
class RangeList {
 public:
  /// Remembered at most: some megabytes, hours of fragments.
  static constexpr size_t kMaxKnown = 10'000;

  RangeList(kvs::ArchivedMediaClient& client, const ListOptions& options);

  /// What comes next begins with the fragment that covers `time` by the clock of ListOptions, or
  /// with the one behind it if none does. Fragments before `first` are as if not there.
  void seek(UnixTime time, UnixTime first);

  /// As FragmentLister has it.
  std::optional<Result<std::vector<kvs::Fragment>>> poll(const CancelToken& cancel);
  std::optional<Bell::TimePoint> wakeAt() const { return lister_->wakeAt(); }
  bool done() const { return lister_->done() && next_ == known_.size(); }
  UnixTime listedUntil() const { return lister_->listedUntil(); }
  /// Left out since it was asked the last time.
  uint64_t takeSuperseded();

 private:
  bool isKnown(UnixTime time) const;
  void listFrom(UnixTime time, UnixTime first);
  size_t firstIndex() const;
  size_t indexFrom(UnixTime time) const;
  void remember(const std::vector<kvs::Fragment>& fragments);

  kvs::ArchivedMediaClient& client_;
  const ListOptions options_;
  const bool isOneClock_;  ///< order and selector go by the same clock
  std::optional<FragmentLister> lister_;
  uint64_t superseded_ = 0;  ///< of the lister's, told

  std::vector<kvs::Fragment> known_;   ///< of the lister's, in order, without a hole
  size_t next_ = 0;                    ///< in known_, to be handed on again
  std::optional<UnixTime> knownFrom_;  ///< no value: from the range's beginning
  UnixTime first_ = UnixTime::min();
  std::optional<UnixTime> wanted_;  ///< where the lister could not be told to begin
};

}  // namespace kvsarchive::archive
