// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_lister.h"

#include <algorithm>

#include "base/log.h"

namespace kvsarchive::archive {
namespace {

constexpr int kPageSize = 1000;

}  // namespace

FragmentLister::FragmentLister(kvs::ArchivedMediaClient& client, kvs::FragmentSelector selector,
                               FragmentClock clock)
    : client_(client), selector_(selector), clock_(clock) {}

Result<std::vector<kvs::Fragment>> FragmentLister::next(const CancelToken& cancel) {
  if (done_) {
    return std::vector<kvs::Fragment>();
  }
  const Status listed = listAllPages(cancel);
  if (!listed) {
    return listed.error();
  }
  done_ = true;
  sortAndSettle();
  return std::move(found_);
}

Status FragmentLister::listAllPages(const CancelToken& cancel) {
  do {
    auto page = client_.listFragments(selector_, kPageSize, nextToken_, cancel);
    if (!page) {
      return page.error();
    }
    // A short or even an empty page says nothing: only a missing token ends the list.
    std::move(page->fragments.begin(), page->fragments.end(), std::back_inserter(found_));
    nextToken_ = page->nextToken;
    if (!nextToken_.empty() && !seenTokens_.insert(nextToken_).second) {
      Error error =
          makeError(ErrorKind::kDecode, "The service repeats a page of the fragment list");
      error.operation = "ListFragments";
      return error;
    }
  } while (!nextToken_.empty());
  return {};
}

void FragmentLister::sortAndSettle() {
  // A fragment can be on two pages.
  const auto sameNumber = [](const auto& a, const auto& b) { return a.number == b.number; };
  std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
    return kvs::fragmentNumberLess(a.number, b.number);
  });
  found_.erase(std::unique(found_.begin(), found_.end(), sameNumber), found_.end());
  std::stable_sort(found_.begin(), found_.end(), [this](const auto& a, const auto& b) {
    return timeOf(a, clock_) < timeOf(b, clock_);
  });
  std::vector<kvs::Fragment> kept;
  for (kvs::Fragment& fragment : found_) {
    // Producers without a clock write 0 for all their fragments.
    if (!kept.empty() && clock_ == FragmentClock::kProducer &&
        kept.back().producerTimestamp == fragment.producerTimestamp &&
        fragment.producerTimestamp != UnixTime()) {
      log::write(log::Level::kInfo, log::Area::kArchive,
                 "fragment " + kept.back().number + " is superseded by " + fragment.number);
      ++superseded_;
      kept.back() = std::move(fragment);
    } else {
      kept.push_back(std::move(fragment));
    }
  }
  found_ = std::move(kept);
}

}  // namespace kvsarchive::archive
