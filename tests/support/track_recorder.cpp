// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/track_recorder.h"

#include <utility>

#include "support/painted_number.h"

namespace kvsarchive::test {
namespace {

uint64_t unsignedField(const GstStructure* structure, const char* name) {
  guint64 value = 0;
  gst_structure_get_uint64(structure, name, &value);
  return value;
}

}  // namespace

PlayedFragment readFragment(const GstStructure* structure) {
  PlayedFragment fragment;
  fragment.number = gst_structure_get_string(structure, "fragment-number");
  fragment.producerNs = unsignedField(structure, "producer-timestamp");
  fragment.serverNs = unsignedField(structure, "server-timestamp");
  fragment.originNs = unsignedField(structure, "origin-timestamp");
  fragment.ptsNs = unsignedField(structure, "pts");
  fragment.durationNs = unsignedField(structure, "duration");
  fragment.size = unsignedField(structure, "size");
  gst_structure_get_int64(structure, "time-shift", &fragment.shiftNs);
  gboolean discont = FALSE;
  gst_structure_get_boolean(structure, "discont", &discont);
  fragment.discont = discont != FALSE;
  const GstStructure* tags = gst_value_get_structure(gst_structure_get_value(structure, "tags"));
  for (int i = 0; i < gst_structure_n_fields(tags); ++i) {
    const char* name = gst_structure_nth_field_name(tags, i);
    fragment.tags[name] = gst_structure_get_string(tags, name);
  }
  return fragment;
}

namespace {

gboolean noteWallClock(GstBuffer*, GstMeta** meta, gpointer data) {
  if ((*meta)->info->api == GST_REFERENCE_TIMESTAMP_META_API_TYPE) {
    const auto* reference = reinterpret_cast<const GstReferenceTimestampMeta*>(*meta);
    if (gst_structure_has_name(gst_caps_get_structure(reference->reference, 0),
                               "timestamp/x-unix") != FALSE) {
      static_cast<PlayedFrame*>(data)->wallsNs.push_back(
          static_cast<int64_t>(reference->timestamp));
    }
  }
  return TRUE;
}

PlayedFrame readFrame(GstBuffer* buffer, const GstCaps* caps) {
  PlayedFrame frame;
  frame.ptsNs = GST_BUFFER_PTS_IS_VALID(buffer) ? static_cast<int64_t>(GST_BUFFER_PTS(buffer)) : -1;
  frame.key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  frame.durationNs =
      GST_BUFFER_DURATION_IS_VALID(buffer) ? static_cast<int64_t>(GST_BUFFER_DURATION(buffer)) : -1;
  gst_buffer_foreach_meta(buffer, noteWallClock, &frame);
  frame.wallNs = frame.wallsNs.empty() ? -1 : frame.wallsNs.front();
  frame.painted = paintedNumber(buffer, caps);
  GstMapInfo map;
  if (gst_buffer_map(buffer, &map, GST_MAP_READ) != FALSE) {
    frame.size = map.size;
    g_autofree gchar* sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, map.data, map.size);
    frame.sha256 = sum;
    gst_buffer_unmap(buffer, &map);
  }
  return frame;
}

struct Recorded {
  TrackRecorder* recorder;
  std::string name;
};

GstPadProbeReturn onData(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  const auto* recorded = static_cast<Recorded*>(data);
  GstCaps* caps = gst_pad_get_current_caps(pad);
  recorded->recorder->record(recorded->name.c_str(), info, caps);
  gst_clear_caps(&caps);
  return GST_PAD_PROBE_OK;
}

}  // namespace

void TrackRecorder::attach(GstPad* pad, const char* name) {
  g_autofree gchar* own = gst_pad_get_name(pad);
  gst_pad_add_probe(
      pad,
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM |
                                   GST_PAD_PROBE_TYPE_EVENT_FLUSH),
      onData, new Recorded{this, name != nullptr ? name : own},
      [](gpointer data) { delete static_cast<Recorded*>(data); });
}

std::map<std::string, PlayedTrack> TrackRecorder::tracks() const {
  const std::lock_guard lock(mutex_);
  return tracks_;
}

void TrackRecorder::record(const char* name, GstPadProbeInfo* info, const GstCaps* current) {
  const std::lock_guard lock(mutex_);
  PlayedTrack& track = tracks_[name];
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    PlayedFrame frame = readFrame(GST_PAD_PROBE_INFO_BUFFER(info), current);
    if (track.segment.format == GST_FORMAT_TIME && frame.ptsNs >= 0) {
      frame.runningNs = static_cast<int64_t>(gst_segment_to_running_time(
          &track.segment, GST_FORMAT_TIME, static_cast<guint64>(frame.ptsNs)));
    }
    track.frames.push_back(std::move(frame));
    return;
  }
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) {
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    g_autofree gchar* text = gst_caps_to_string(caps);
    track.caps.emplace_back(text);
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT) {
    ++track.segments;
    gst_event_copy_segment(event, &track.segment);
  } else if (gst_event_has_name(event, "kvs-fragment") != FALSE) {
    PlayedFragment fragment = readFragment(gst_event_get_structure(event));
    fragment.framesBefore = track.frames.size();
    // Sticky: once more for each pad that is linked late.
    if (track.events.empty() || track.events.back().number != fragment.number) {
      track.events.push_back(std::move(fragment));
    }
  } else if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) {
    track.frames.clear();
    track.events.clear();
    track.segments = 0;
  }
}

}  // namespace kvsarchive::test
