// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.h"

namespace kvsarchive::clip {

/// An error of GetClip, with what the user can do about it where the service does not say.
/// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetClip.html
Error explained(Error error);

}  // namespace kvsarchive::clip
