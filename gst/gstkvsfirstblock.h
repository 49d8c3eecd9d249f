// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <memory>
#include <mutex>

/// The document's first block, kept until downstream has taken it: by that block the demuxer sets
/// its zero of time. A seek that reaches the source before would flush the block away, and so it is
/// sent again, in front of the place. Any thread.
class GstKvsFirstBlock {
 public:
  ~GstKvsFirstBlock() { reset(); }

  void reset();
  /// Keeps a copy of the run's first block, which is about to be pushed.
  void keep(GstBuffer* buffer);
  /// Lets go of it if it was taken.
  void release();
  /// To be called before a seek flushes: notes whether the block will have to be sent again. False
  /// if the seek can't be followed: it comes while this very thread pushes the block. So come those
  /// that the demuxer put off until there were media; it has forgotten the place.
  bool prepareSeek();
  /// To be called while the seek is followed, when nothing streams.
  void seek();
  /// The block to be sent again after a seek, else NULL. Transfer full.
  GstBuffer* again();

 private:
  void watch(GstBuffer* buffer);

  std::mutex mutex_;
  GstBuffer* kept_ = nullptr;
  GThread* pusher_ = nullptr;
  bool mayBeLost_ = false;  ///< a seek flushes it away
  bool lost_ = false;
  std::shared_ptr<std::atomic<bool>> taken_;  ///< of the one that was sent last: it is freed
};
