// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame.h"

namespace kvsemulator {

/// What came out of a pipeline.
struct EncodedTrack {
  std::vector<Frame> frames;  ///< in decoding order; timeNs from the start of the pipeline
  std::string codecPrivate;   ///< codec_data of the caps
  int width = 0;
  int height = 0;
};

/// Makes the next raw buffer; nullptr = end.
using BufferSource = std::function<GstBuffer*()>;

/// Runs `appsrc ! <elements> ! appsink` until the source ends.
/// `caps`: of the raw buffers. Errors: what GStreamer says, with the elements.
Result<EncodedTrack> runEncoder(const std::string& elements, const std::string& caps,
                                BufferSource source);

/// Reads all of an appsink until EOS into frames. Errors: an error message on the bus.
Result<EncodedTrack> collectFrames(GstElement* pipeline, GstElement* appsink);

}  // namespace kvsemulator
