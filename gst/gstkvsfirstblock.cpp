// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsfirstblock.h"

#include <utility>

void GstKvsFirstBlock::reset() {
  const std::lock_guard<std::mutex> guard(mutex_);
  gst_clear_buffer(&kept_);
  mayBeLost_ = false;
  lost_ = false;
  taken_.reset();
}

/// Demuxers let go of a buffer when they have read it; what they push are parts of its memory.
void GstKvsFirstBlock::watch(GstBuffer* buffer) {
  using Flag = std::shared_ptr<std::atomic<bool>>;
  pusher_ = g_thread_self();
  taken_ = std::make_shared<std::atomic<bool>>(false);
  gst_mini_object_weak_ref(
      GST_MINI_OBJECT_CAST(buffer),
      [](gpointer data, GstMiniObject*) {
        const std::unique_ptr<Flag> flag(static_cast<Flag*>(data));
        (*flag)->store(true);
      },
      new Flag(taken_));
}

void GstKvsFirstBlock::keep(GstBuffer* buffer) {
  const std::lock_guard<std::mutex> guard(mutex_);
  gst_buffer_replace(&kept_, nullptr);
  kept_ = gst_buffer_copy(buffer);
  watch(buffer);
}

void GstKvsFirstBlock::release() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (kept_ != nullptr && !mayBeLost_ && !lost_ && taken_->load()) {
    gst_clear_buffer(&kept_);
  }
}

bool GstKvsFirstBlock::prepareSeek() {
  const std::lock_guard<std::mutex> guard(mutex_);
  const bool isThere = kept_ != nullptr && !taken_->load();
  if (isThere && pusher_ == g_thread_self()) {
    return false;
  }
  mayBeLost_ = isThere || (kept_ != nullptr && (mayBeLost_ || lost_));
  return true;
}

void GstKvsFirstBlock::seek() {
  const std::lock_guard<std::mutex> guard(mutex_);
  lost_ = lost_ || std::exchange(mayBeLost_, false);
}

GstBuffer* GstKvsFirstBlock::again() {
  const std::lock_guard<std::mutex> guard(mutex_);
  if (!std::exchange(lost_, false)) {
    return nullptr;
  }
  GstBuffer* buffer = gst_buffer_copy(kept_);
  watch(buffer);
  return buffer;
}
