// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "media/frame.h"

namespace kvsemulator {

/// What came out of a pipeline.
struct EncodedTrack {
  std::vector<Frame> frames;  ///< in decoding order; timeNs from the start of the pipeline
  std::string codecPrivate;   ///< codec_data of the caps
  std::string mediaType;      ///< of the caps, e.g. "video/x-h264"
  int width = 0;
  int height = 0;
  int64_t frameDurationNs = 0;  ///< 0 = not known
  int rate = 0;
  int channels = 0;
};

struct PipelineStopper {
  void operator()(GstElement* pipeline) const {
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
};
/// A pipeline that is stopped when it goes.
using PipelinePtr = std::unique_ptr<GstElement, PipelineStopper>;

/// The error that waits on the pipeline's bus; empty = none.
std::string takeBusError(GstElement* pipeline);

/// Makes the next raw buffer; nullptr = end.
using BufferSource = std::function<GstBuffer*()>;

/// Runs `appsrc ! <elements> ! appsink` until the source ends.
/// `caps`: of the raw buffers. Errors: what GStreamer says, with the elements.
Result<EncodedTrack> runEncoder(const std::string& elements, const std::string& caps,
                                BufferSource source);

/// Reads all of an appsink until EOS into frames. Errors: an error message on
/// the bus.
Result<EncodedTrack> collectFrames(GstElement* pipeline, GstElement* appsink);

}  // namespace kvsemulator
