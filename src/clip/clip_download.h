// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <cstdint>

#include "base/bytes.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "clip/clip_part.h"
#include "clip/clip_verdict.h"
#include "clip/mp4_outline.h"
#include "http/retry_policy.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::clip {

/// Downloads one clip into the spool of its part. A download that breaks off is begun anew from the
/// clip's start, for as long as attempts are left; an attempt that gets further than those before
/// counts as progress. One thread, but for receivedBytes().
class ClipDownload {
 public:
  /// `fragments`: how many the clip is expected to have, for the quotas.
  ClipDownload(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& selector,
               size_t fragments, ClipPart& part, std::atomic<uint64_t>& receivedBytes);

  /// Downloads all but the last bytes into the spool, so that what is found out about the clip can
  /// be told before it ends. Blocks. Errors: kCancelled, the client's with what the user can do,
  /// and the spool's.
  Result<ReceivedClip> run(const CancelToken& cancel);

  /// Hands on the last bytes. Errors: the spool's.
  Status finish();

 private:
  Result<ReceivedClip> attempt(const CancelToken& cancel);
  Result<ReceivedClip> receive(kvs::MediaBody& body, const CancelToken& cancel);
  Status take(Bytes bytes, bool mayBeLast);

  kvs::ArchivedMediaClient& client_;
  const kvs::FragmentSelector selector_;
  const unsigned fragments_;
  Spool& spool_;
  std::atomic<uint64_t>& movieEnd_;
  std::atomic<uint64_t>& receivedBytes_;
  http::RetryBudget budget_;
  Bytes last_;             ///< not in the spool yet
  uint64_t furthest_ = 0;  ///< bytes that an attempt has brought
};

}  // namespace kvsarchive::clip
