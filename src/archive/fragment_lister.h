// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "archive/fragment_clock.h"
#include "archive/list_pages.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"
#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// What becomes of fragments with one producer time.
enum class Duplicates {
  kNewest,  ///< the last one ingested, with the largest number, supersedes the others
  kAll,     ///< all are handed on, by number
};

struct ListOptions {
  kvs::FragmentSelector selector;
  FragmentClock clock = FragmentClock::kProducer;  ///< sets the order
  /// Also the fragment that began before selector.start and covers it, by the selector's clock: the
  /// last one to begin before it, if it reaches beyond the start or its length is 0 (unknown).
  bool leadIn = false;
  /// kNewest works only by the producer's clock, and not for time 0, which producers without a
  /// clock write.
  Duplicates duplicates = Duplicates::kNewest;
};

/// Finds the fragments of a range in windows of time, each listed completely before it is sorted
/// and handed on, since the service's pages come in no order. Windows follow the density of
/// fragments, and in gaps the next one is looked for, so that neither the requests before the first
/// fragment nor the memory depend on the range's length. But when the order is another clock's than
/// the selector's, windows can't give it: then the whole range is one window, and memory grows with
/// the fragments in it.
/// One thread.
class FragmentLister {
 public:
  FragmentLister(kvs::ArchivedMediaClient& client, const ListOptions& options);

  /// The fragments of the next window that has any, sorted by the clock's time and then by number,
  /// each once; none only at the end of the range. No value while the service has to be waited for,
  /// as kvs::ClientCall has it: for one request as a rule; for several where pages are short, and
  /// in and after gaps. Errors: the client's; kDecode when the service's pages have no end. After
  /// an error, kCancelled too, a call goes on where it was.
  std::optional<Result<std::vector<kvs::Fragment>>> poll(const CancelToken& cancel);

  /// When poll() has to be called again at the latest.
  std::optional<Bell::TimePoint> wakeAt() const { return pages_ ? pages_->wakeAt() : std::nullopt; }

  /// The end of the range was reached: poll() would bring none.
  bool done() const { return done_; }

  /// All before this time is listed.
  UnixTime listedUntil() const { return from_; }

  /// Fragments of the range left out so far because a newer one has the same producer time.
  uint64_t superseded() const { return superseded_; }

 private:
  std::optional<Status> listWindow(const CancelToken& cancel,
                                   std::vector<kvs::Fragment>& fragments);
  int pageSize() const;
  bool isTooFull();
  void narrowWindow();
  std::vector<kvs::Fragment> closeWindow();
  void dropSuperseded(std::vector<kvs::Fragment>& sorted);
  void settleLeadIn(std::vector<kvs::Fragment>& fragments) const;
  void beginNext(size_t count, bool empty);
  std::optional<Status> probe(const CancelToken& cancel);
  void beginBehindGap();

  UnixTime windowBegin() const;
  UnixTime selectedTime(const kvs::Fragment& fragment) const;
  kvs::FragmentSelector until(UnixTime to) const;
  bool isBeyondRetention(const Error& error, UnixTime to) const;

  kvs::ArchivedMediaClient& client_;
  const ListOptions options_;
  const bool windowed_;  ///< order and selector go by the same clock

  UnixTime from_;  ///< all before is handed on
  UnixTime to_;    ///< end of the window
  bool done_ = false;
  std::chrono::milliseconds span_;    ///< of windows, by the density seen
  double density_;                    ///< fragments per millisecond, of the last window with any
  std::vector<kvs::Fragment> found_;  ///< of the window, and of the edge to the one before
  std::optional<ListPages> pages_;    ///< the listing or probe under way

  bool probing_ = false;
  bool halve_ = false;                ///< the next page is of half of what is ahead
  std::optional<UnixTime> occupied_;  ///< a fragment is known between from_ and here

  uint64_t superseded_ = 0;
};

}  // namespace kvsarchive::archive
