// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "archive/stream.h"
#include "base/json_writer.h"

namespace kvsemulator {

/// A StreamInfo object as DescribeStream and ListStreams answer it.
void writeStreamInfo(JsonWriter& json, const Stream& stream);

}  // namespace kvsemulator
