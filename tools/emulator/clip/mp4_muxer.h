// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "clip/clip_media.h"
#include "clip/clip_options.h"

namespace kvsemulator {

/// Writes an MP4 file, by GStreamer's mp4mux; one with G.711 by its qtmux, for
/// mp4mux can't. Neither can qtmux write fragmented ones: then moov is first.
/// All frames keep their bytes and times; time 0 is that of the earliest one. Only G.711
/// has no times in such files: gaps are filled with silence.
/// The same media gives the same bytes, but for the creation times. Errors: what GStreamer
/// says.
Result<std::string> muxMp4(ClipMedia media, ClipLayout layout);

}  // namespace kvsemulator
