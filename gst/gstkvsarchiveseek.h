// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <optional>

#include "archive/seek_grid.h"

/// What seeks and queries need to know of a run.
struct GstKvsSeekRange {
  /// Of its document; none if that can't be sought in, or is not begun.
  std::optional<kvsarchive::archive::SeekGrid> grid;
  std::optional<std::chrono::milliseconds> duration;
};

/// Why a seek event can't be followed, in words; NULL if it can. Seeks that basesrc would only
/// refuse when it has flushed are refused by this, so that playback goes on.
const char* gst_kvs_seek_refusal(GstEvent* event, const GstKvsSeekRange& range);

/// How far apart fragments may be whose key frames are shown in passing, at the rate of a segment;
/// 0 where all frames are wanted.
std::chrono::milliseconds gst_kvs_seek_spacing(const GstSegment& segment);

/// Answers SEEKING and DURATION queries in BYTES, in which the demuxer seeks, and in TIME, since
/// demuxers ask upstream before they answer themselves. FALSE for what it has no answer to.
gboolean gst_kvs_seek_answer_query(GstQuery* query, const GstKvsSeekRange& range);
