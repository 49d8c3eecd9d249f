// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <optional>

#include "archive/fragment_lister.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "clip/clip_verdict.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::clip {

/// A range that one clip holds, with all of its fragments.
struct ClipWindow {
  kvs::FragmentSelector selector;
  ListedRange listed;
};

/// Cuts a range into windows such that each fragment is in one of them, and each window fits into
/// a clip. Fragments are listed as windows are asked for. One thread.
class ClipWindows {
 public:
  ClipWindows(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& range);

  /// The next window; none at the end of the range. Blocks: while the service answers. Errors: the
  /// client's; kSettings where no windows hold each fragment, since several have one time.
  Result<std::optional<ClipWindow>> next(const CancelToken& cancel);

  /// The beginning of the range: at least as many fragments as one clip may have and one more, or
  /// all. To be called before next(), if at all. Blocks, errors: as next().
  Result<ListedRange> beginning(const CancelToken& cancel);

 private:
  Status list(const CancelToken& cancel);
  bool isOther(size_t index) const;
  size_t count() const;
  Result<ClipWindow> cut(size_t count);

  kvs::ArchivedMediaClient& client_;
  const kvs::FragmentSelector range_;
  archive::FragmentLister lister_;
  std::deque<kvs::Fragment> ahead_;  ///< listed, and in no window yet
  UnixTime free_;                    ///< no window reaches here yet
};

}  // namespace kvsarchive::clip
