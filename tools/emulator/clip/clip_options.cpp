// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_options.h"

namespace kvsemulator {

ClipOptions readClipOptions(JsonReader& parent, const ClipOptions& fallback) {
  JsonReader json = parent.object("clips");
  ClipOptions options;
  options.layout = json.choice("layout", fallback.layout,
                               {{"moov-last", ClipLayout::kMoovLast},
                                {"moov-first", ClipLayout::kMoovFirst},
                                {"fragmented", ClipLayout::kFragmented}});
  options.creation =
      json.choice("creation-time", fallback.creation,
                  {{"recording", ClipCreation::kRecording}, {"request", ClipCreation::kRequest}});
  options.chunked =
      json.choice("transfer", fallback.chunked, {{"content-length", false}, {"chunked", true}});
  options.maxFragments = json.integer("max-fragments", fallback.maxFragments, 1, INT64_MAX);
  options.maxBytes = json.integer("max-bytes", fallback.maxBytes, 1, INT64_MAX);
  json.finish();
  return options;
}

}  // namespace kvsemulator
