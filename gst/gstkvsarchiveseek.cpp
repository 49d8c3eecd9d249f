// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsarchiveseek.h"

#include <algorithm>

const char* gst_kvs_seek_refusal(GstEvent* event, const GstKvsSeekRange& range) {
  gdouble rate = 0;
  GstFormat format = GST_FORMAT_UNDEFINED;
  GstSeekFlags flags = GST_SEEK_FLAG_NONE;
  GstSeekType stop_type = GST_SEEK_TYPE_NONE;
  gint64 stop = -1;
  gst_event_parse_seek(event, &rate, &format, &flags, nullptr, nullptr, &stop_type, &stop);
  if (!range.grid) {
    return "the document can't be sought in, or not yet";
  }
  if (format != GST_FORMAT_BYTES) {
    return "only demuxers can seek in time";
  }
  if (rate <= 0) {
    return "it is backwards";
  }
  if ((flags & GST_SEEK_FLAG_FLUSH) == 0) {
    return "it does not flush";
  }
  if ((flags & GST_SEEK_FLAG_SEGMENT) != 0) {
    return "it is for a segment";
  }
  if (stop_type != GST_SEEK_TYPE_NONE && stop >= 0) {
    return "it has a stop";  // basesrc would count bytes up to it, and keep it for later seeks
  }
  return nullptr;
}

std::chrono::milliseconds gst_kvs_seek_spacing(const GstSegment& segment) {
  constexpr double kMillisPerPicture = 250;  // of real time: as much as can be made out in passing
  constexpr double kMostMillis = 1e12;       // of any range
  const bool onlyKeyUnits = (segment.flags & GST_SEGMENT_FLAG_TRICKMODE_KEY_UNITS) != 0;
  return std::chrono::milliseconds(
      onlyKeyUnits ? static_cast<int64_t>(std::min(segment.rate * kMillisPerPicture, kMostMillis))
                   : 0);
}

static gint64 last_position(GstFormat format, const GstKvsSeekRange& range) {
  if (format == GST_FORMAT_BYTES && range.grid) {
    return static_cast<gint64>(range.grid->size());
  }
  if (format == GST_FORMAT_TIME && range.duration) {
    constexpr gint64 kNanosPerMilli = GST_MSECOND;
    return std::min<gint64>(range.duration->count(), G_MAXINT64 / kNanosPerMilli) * kNanosPerMilli;
  }
  return -1;
}

gboolean gst_kvs_seek_answer_query(GstQuery* query, const GstKvsSeekRange& range) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  if (GST_QUERY_TYPE(query) == GST_QUERY_SEEKING) {
    gst_query_parse_seeking(query, &format, nullptr, nullptr, nullptr);
    const gint64 end = last_position(format, range);
    const gboolean seekable = range.grid && end >= 0 ? TRUE : FALSE;
    gst_query_set_seeking(query, format, seekable, 0, seekable ? end : -1);
    return TRUE;
  }
  if (GST_QUERY_TYPE(query) == GST_QUERY_DURATION) {
    gst_query_parse_duration(query, &format, nullptr);
    const gint64 end = last_position(format, range);
    if (end >= 0) {
      gst_query_set_duration(query, format, end);
      return TRUE;
    }
  }
  return FALSE;
}
