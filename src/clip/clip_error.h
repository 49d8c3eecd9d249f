// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.h"
#include "kvs/fragment.h"

namespace kvsarchive::clip {

/// An error of GetClip of that range, with what the user can do about it where the service does not
/// say.
/// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetClip.html
Error explained(Error error, const kvs::FragmentSelector& range);

}  // namespace kvsarchive::clip
