// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "base/cancel_token.h"
#include "session/session.h"

/// What is told of a session while others play it. One thread.
class GstKvsSessionWatch {
 public:
  /// Waits until the session is over. Posts a warning if its playlist is full, the element message
  /// kvs-session-expiring ahead of the end, and a warning when that is there. Blocks; false if it
  /// was cancelled, then it goes on where it was.
  bool wait(GstElement* element, kvsarchive::session::Session& session,
            const kvsarchive::CancelToken& cancel);

 private:
  void checkLength(GstElement* element, kvsarchive::session::Session& session,
                   const kvsarchive::CancelToken& cancel);

  int checksPassed_ = 0;  ///< until the playlist is looked at
  int checksLeft_ = 3;
  bool toldExpiring_ = false;
};
