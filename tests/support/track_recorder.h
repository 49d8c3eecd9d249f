// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <map>
#include <mutex>
#include <string>

#include "support/player.h"

namespace kvsarchive::test {

/// Of a kvs-fragment event or message.
PlayedFragment readFragment(const GstStructure* structure);

/// Notes what goes through pads, by their names, since the last flush of each.
class TrackRecorder {
 public:
  /// It must outlive the pad's pipeline. `name`: of the track, the pad's own if null.
  void attach(GstPad* pad, const char* name = nullptr);
  std::map<std::string, PlayedTrack> tracks() const;

  /// For its probe. `current`: the pad's caps, null if there are none.
  void record(const char* name, GstPadProbeInfo* info, const GstCaps* current);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, PlayedTrack> tracks_;
};

}  // namespace kvsarchive::test
