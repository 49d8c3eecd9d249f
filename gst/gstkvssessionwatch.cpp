// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvssessionwatch.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "gstkvstime.h"

using kvsarchive::CancelToken;
using kvsarchive::session::Session;
using kvsarchive::session::SessionLife;

namespace {

/// The machine may sleep, and then its wall clock goes on.
constexpr std::chrono::seconds kInterval{1};
/// In intervals: later than the demuxer, whose first playlists cost of the same quotas.
constexpr int kFirstCheck = 2;

void post_expiring(GstElement* element, const SessionLife& life) {
  const auto remaining = static_cast<guint64>(life.remaining().count()) * GST_MSECOND;
  gst_element_post_message(
      element, gst_message_new_element(
                   GST_OBJECT(element),
                   gst_structure_new("kvs-session-expiring",  //
                                     "expires-at", G_TYPE_UINT64, gst_kvs_nanoseconds(life.end()),
                                     "remaining", G_TYPE_UINT64, remaining, nullptr)));
}

}  // namespace

void GstKvsSessionWatch::checkLength(GstElement* element, Session& session,
                                     const CancelToken& cancel) {
  if (checksLeft_ == 0 || !session.mayBeCut() || ++checksPassed_ < kFirstCheck) {
    return;
  }
  const auto count = session.countFragments(cancel);
  if (cancel.isCancelled()) {
    return;
  }
  checksLeft_ = count ? 0 : checksLeft_ - 1;
  if (count && *count >= session.mostFragments()) {
    GST_ELEMENT_WARNING(
        element, STREAM, FAILED,
        ("The session has %" G_GSIZE_FORMAT
         " fragments, as many as max-fragments allows: if the range has more, its end is left "
         "out. Set max-fragments to more, 5000 at most, or play the range in parts.",
         *count),
        (nullptr));
  }
}

bool GstKvsSessionWatch::wait(GstElement* element, Session& session, const CancelToken& cancel) {
  const SessionLife& life = session.life();
  for (;;) {
    if (life.isExpiring() && !std::exchange(toldExpiring_, true)) {
      post_expiring(element, life);
    }
    const auto pause = std::min<std::chrono::milliseconds>(life.remaining(), kInterval);
    if (pause.count() == 0) {
      break;
    }
    if (!cancel.sleepFor(pause)) {
      return false;
    }
    checkLength(element, session, cancel);
  }
  // Demuxers say little about that, and some nothing at all.
  GST_ELEMENT_WARNING(element, RESOURCE, NOT_AUTHORIZED,
                      ("The session has expired: no more media can be fetched with it. Stop the "
                       "pipeline and start it again for a new one."),
                      (nullptr));
  return true;
}
