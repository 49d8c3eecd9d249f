// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/cancel_token.h"
#include "base/result.h"
#include "kvs/archived_media_client.h"
#include "kvs/fragment.h"

namespace kvsarchive::archive {

/// One listing, page by page, in the service's order, which is none.
class ListPages {
 public:
  /// `maxResults`: of a page, 1 to 1000.
  ListPages(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& selector,
            int maxResults);

  /// The fragments of the next page; there may be none although more follow. A listing whose token
  /// repeats or has expired starts over, at most twice, and then brings fragments again. No value
  /// while the page has to be waited for, as kvs::ClientCall has it.
  /// Errors: the client's; kDecode when tokens go on to repeat, or behind 100 empty pages. After
  /// an error a call asks for the same page again.
  std::optional<Result<std::vector<kvs::Fragment>>> poll(const CancelToken& cancel);

  /// When poll() has to be called again at the latest.
  std::optional<Bell::TimePoint> wakeAt() const { return call_ ? call_->wakeAt() : std::nullopt; }

  /// The last page was handed on.
  bool done() const { return done_; }

 private:
  Result<std::vector<kvs::Fragment>> take(kvs::FragmentPage page);
  bool startOver(const std::string& reason);

  kvs::ArchivedMediaClient& client_;
  kvs::FragmentSelector selector_;
  int maxResults_;
  std::unique_ptr<kvs::ListCall> call_;
  std::string token_;
  std::set<std::string> seenTokens_;
  int restarts_ = 0;
  int emptyPages_ = 0;  ///< in a row
  bool done_ = false;
};

}  // namespace kvsarchive::archive
