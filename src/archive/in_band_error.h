// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"
#include "matroska/tags.h"

namespace kvsarchive::archive {

// Errors that the service writes into the media, as tags of a chunk.
// Source:
// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetMediaForFragmentList.html

/// Whether the fragment is not there (any more, or not yet).
bool saysNotFound(const matroska::ChunkTags& tags);

/// Code, id and message, as far as there are any.
std::string describeInBandError(const matroska::ChunkTags& tags);

/// The error as one of the whole read: kNotAuthorized when the stream's key can't be used, which
/// asking again does not mend; else kRead, to be tried again.
Error inBandError(const matroska::ChunkTags& tags);

}  // namespace kvsarchive::archive
