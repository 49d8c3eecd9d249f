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
  /// It must outlive the pad's pipeline.
  void attach(GstPad* pad);
  std::map<std::string, PlayedTrack> tracks() const;

  /// For its probe.
  void record(const char* name, GstPadProbeInfo* info);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, PlayedTrack> tracks_;
};

}  // namespace kvsarchive::test
