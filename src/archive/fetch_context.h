// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "archive/range_trim.h"
#include "archive/size_check.h"
#include "kvs/archived_media_client.h"

namespace kvsarchive::archive {

/// What all batches of one run share. One thread.
struct FetchContext {
  kvs::ArchivedMediaClient& client;
  RangeTrim trim;
  SizeCheck sizes;
  size_t atOnce = SIZE_MAX;      ///< fragments that the service takes in one request
  bool firstOfDocument = true;   ///< the fragment that begins next is the document's first
  bool skippedUnproven = false;  ///< a fragment, by answers that had nothing at all
  uint64_t receivedBytes = 0;    ///< of media
};

}  // namespace kvsarchive::archive
