// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "archive/fragment_clock.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"
#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// Finds the fragments of a range: all pages, since they come in no order, then sorted.
class FragmentLister {
 public:
  FragmentLister(kvs::ArchivedMediaClient& client, kvs::FragmentSelector selector,
                 FragmentClock clock);

  /// The next fragments, sorted by the clock's time and then by number; none at the end of the
  /// range. Of fragments with one producer time the largest number is the newest ingestion; the
  /// others are superseded when the producer's clock gives the order and is not 0.
  /// Blocks: for as many requests as there are pages. Errors: the client's; kDecode when the
  /// service repeats a page token. After kCancelled a call goes on with the page it had come to.
  Result<std::vector<kvs::Fragment>> next(const CancelToken& cancel);

  /// Fragments left out because a newer one has the same producer time.
  uint64_t superseded() const { return superseded_; }

 private:
  Status listAllPages(const CancelToken& cancel);
  void sortAndSettle();

  kvs::ArchivedMediaClient& client_;
  kvs::FragmentSelector selector_;
  FragmentClock clock_;
  std::vector<kvs::Fragment> found_;
  std::string nextToken_;
  std::set<std::string> seenTokens_;
  bool done_ = false;
  uint64_t superseded_ = 0;
};

}  // namespace kvsarchive::archive
