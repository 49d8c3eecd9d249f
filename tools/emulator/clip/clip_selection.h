// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "archive/listing.h"
#include "archive/stream.h"

namespace kvsemulator {

/// The fragments of a clip, in its order; empty = there are none in the range.
/// By the producer's clock only the collection that was ingested first: the
/// first fragment in the range, and those ingested behind it as long as their
/// timestamps rise; one with the timestamp of the one before is left out. Ends
/// at the limits of the stream's ClipOptions.
std::vector<Stream::Entry> selectClip(const Stream& stream, const ListingQuery& query,
                                      int64_t nowMs);

}  // namespace kvsemulator
