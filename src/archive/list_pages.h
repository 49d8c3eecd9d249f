// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

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
  /// repeats or has expired starts over, at most twice, and then brings fragments again. Blocks.
  /// Errors: the client's; kDecode when tokens go on to repeat, or behind 1000 empty pages. After
  /// an error a call asks for the same page again.
  Result<std::vector<kvs::Fragment>> next(const CancelToken& cancel);

  /// The last page was handed on.
  bool done() const { return done_; }

 private:
  bool startOver(const std::string& reason);

  kvs::ArchivedMediaClient& client_;
  kvs::FragmentSelector selector_;
  int maxResults_;
  std::string token_;
  std::set<std::string> seenTokens_;
  int restarts_ = 0;
  int emptyPages_ = 0;  ///< in a row
  bool done_ = false;
};

}  // namespace kvsarchive::archive
