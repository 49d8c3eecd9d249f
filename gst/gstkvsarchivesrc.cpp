// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-kvsarchivesrc
 *
 * Reads a time range out of the archive of an Amazon Kinesis Video stream and pushes it as ONE
 * Matroska document that matroskademux plays from end to end: every frame once, in order, with
 * right times. docs/elements.md describes properties, messages, events and errors.
 *
 * Uses ListFragments and GetMediaForFragmentList:
 * https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_Operations_Amazon_Kinesis_Video_Streams_Archived_Media.html
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 kvsarchivesrc stream-name=cam1 aws-region=eu-west-1
 *     start-timestamp=2026-03-01T10:00:00Z end-timestamp=2026-03-01T10:10:00Z
 *     ! matroskademux ! h264parse ! avdec_h264 ! autovideosink
 * ]|
 *
 * Threads: properties may be read and set on any; the settings lock guards what is stored, the
 * run has a lock of its own. No lock is held while GStreamer or the network is called.
 *
 * Since: 0.1
 */

#include "gstkvsarchivesrc.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/cancel_token.h"
#include "base/guarded.h"
#include "gstkvsallocation.h"
#include "gstkvsarchiverun.h"
#include "gstkvsarchivesettings.h"
#include "gstkvsarchiveuri.h"
#include "gstkvsbuffer.h"
#include "gstkvsdownstream.h"
#include "gstkvselement.h"
#include "gstkvsfirstblock.h"
#include "gstkvsfragment.h"
#include "gstkvsstats.h"
#include "gstkvstime.h"

GST_DEBUG_CATEGORY_STATIC(gst_kvs_archive_src_debug);
#define GST_CAT_DEFAULT gst_kvs_archive_src_debug

namespace archive = kvsarchive::archive;
using kvsarchive::CancelToken;
using kvsarchive::Error;
using kvsarchive::ErrorKind;
using kvsarchive::Guarded;

struct GstKvsArchiveSrcPrivate {
  Guarded<GstKvsArchiveSettings> settings;
  GstKvsArchiveRun run;
  CancelToken cancel;
  /// Streaming thread, and start() and stop() while it rests.
  const char* openStep = nullptr;  ///< name of the PROGRESS message that waits for its end
  bool postFragmentMessages = false;
  gint64 startedAt = 0;     ///< monotonic time, us
  bool failed = false;      ///< an error was posted
  bool headerSent = false;  ///< downstream knows that this is Matroska
  bool warnedTags = false;  ///< that some are left out
  /// Where to go on: `start` is an offset in the document, in the SeekGrid's bytes.
  std::optional<GstSegment> seekSegment;
  /// The demuxer has a first frame: a seek before that would move its time of 0 for good.
  std::atomic<bool> mediaSent{false};
  GstKvsFirstBlock firstBlock;
  std::atomic<guint32> lastSeek{GST_SEQNUM_INVALID};  ///< sequence number
};

struct _GstKvsArchiveSrc {
  GstPushSrc parent;
  GstKvsArchiveSrcPrivate* priv;
};

#define gst_kvs_archive_src_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE(GstKvsArchiveSrc, gst_kvs_archive_src, GST_TYPE_PUSH_SRC,
                        gst_kvs_uri_handler_add(g_define_type_id, &gst_kvs_archive_uri_protocols))
GST_ELEMENT_REGISTER_DEFINE(kvsarchivesrc, "kvsarchivesrc", GST_RANK_NONE, GST_TYPE_KVS_ARCHIVE_SRC)

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-matroska"));

/* --- properties --- */

static void gst_kvs_archive_src_set_property(GObject* object, guint id, const GValue* value,
                                             GParamSpec* pspec) {
  GstKvsArchiveSrcPrivate* priv = GST_KVS_ARCHIVE_SRC(object)->priv;
  gst_kvs_element_set_property<gst_kvs_archive_settings_set_property>(
      GST_ELEMENT(object), priv->settings, priv->run, id, value, pspec);
}

static void gst_kvs_archive_src_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* pspec) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(object);
  switch (id) {
    case GST_KVS_ARCHIVE_PROP_START_TIME_NS:
      g_value_set_uint64(value, gst_kvs_nanoseconds(self->priv->run.report().start));
      return;
    case GST_KVS_ARCHIVE_PROP_END_TIME_NS:
      g_value_set_uint64(value, gst_kvs_nanoseconds(self->priv->run.report().end));
      return;
    case GST_KVS_ARCHIVE_PROP_ORIGIN_TIMESTAMP:
      g_value_set_uint64(value, gst_kvs_nanoseconds(self->priv->run.report().origin));
      return;
    case GST_KVS_ARCHIVE_PROP_STATS:
      g_value_take_boxed(value, gst_kvs_stats_structure_new(self->priv->run.report().stats));
      return;
    default:
      break;
  }
  auto settings = self->priv->settings.lock();
  if (!gst_kvs_archive_settings_get_property(&*settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

/* --- life --- */

static kvsarchive::Status prepare(GstKvsArchiveSrc* self) {
  GstKvsArchiveSettings settings = *self->priv->settings.lock();
  if (settings.options.seekable && gst_kvs_pad_leads_to_files(GST_BASE_SRC_PAD(self))) {
    GST_INFO_OBJECT(self, "no cues, since they would lead nowhere in a file");
    settings.options.seekable = false;
  }
  auto started = self->priv->run.start(settings);
  if (!started) {
    return started;
  }
  self->priv->postFragmentMessages = settings.postFragmentMessages;
  self->priv->cancel.reset();
  self->priv->startedAt = g_get_monotonic_time();
  self->priv->failed = false;
  self->priv->headerSent = false;
  self->priv->warnedTags = false;
  self->priv->seekSegment.reset();
  self->priv->mediaSent = false;
  self->priv->firstBlock.reset();
  self->priv->lastSeek = GST_SEQNUM_INVALID;
  // Others may have been set since the settings were copied.
  static_cast<void>(self->priv->run.renewKeys(self->priv->settings.lock()->connection));
  return {};
}

/// Here and not in start(), where basesrc adds an error of its own to the one that is posted.
static GstStateChangeReturn gst_kvs_archive_src_change_state(GstElement* element,
                                                             GstStateChange transition) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(element);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    const auto prepared = prepare(self);
    if (!prepared) {
      gst_kvs_element_post_error(element, self->priv->settings, prepared.error());
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  return GST_ELEMENT_CLASS(parent_class)->change_state(element, transition);
}

static void close_step(GstKvsArchiveSrc* self, GstProgressType type, const char* text) {
  if (self->priv->openStep != nullptr) {
    gst_element_post_message(
        GST_ELEMENT(self),
        gst_message_new_progress(GST_OBJECT(self), type, self->priv->openStep, text));
    self->priv->openStep = nullptr;
  }
}

static gboolean gst_kvs_archive_src_stop(GstBaseSrc* src) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(src);
  self->priv->run.stop();
  close_step(self, GST_PROGRESS_TYPE_CANCELED, "Stopped");
  return TRUE;
}

/// create() returns FLUSHING from here until unlock_stop(), without losing what it has.
static gboolean gst_kvs_archive_src_unlock(GstBaseSrc* src) {
  GST_KVS_ARCHIVE_SRC(src)->priv->cancel.cancel();
  return TRUE;
}

static gboolean gst_kvs_archive_src_unlock_stop(GstBaseSrc* src) {
  GST_KVS_ARCHIVE_SRC(src)->priv->cancel.reset();
  return TRUE;
}

/* --- streaming --- */

static void post_progress(GstKvsArchiveSrc* self, const archive::Progress& progress) {
  const char* step = progress.step == archive::Progress::Step::kOpen ? "open" : "list";
  if (progress.done) {
    close_step(self, GST_PROGRESS_TYPE_COMPLETE, progress.text.c_str());
  } else {
    const bool isOpen = self->priv->openStep != nullptr;
    self->priv->openStep = step;
    gst_element_post_message(
        GST_ELEMENT(self),
        gst_message_new_progress(GST_OBJECT(self),
                                 isOpen ? GST_PROGRESS_TYPE_CONTINUE : GST_PROGRESS_TYPE_START,
                                 step, progress.text.c_str()));
  }
}

/// Sticky, since decodebin3 loses other events; straight to the pad, since basesrc drops that kind.
static void tell_fragment(GstKvsArchiveSrc* self, const archive::FragmentStart& start) {
  self->priv->firstBlock.release();
  guint tagsLeftOut = 0;
  GstStructure* structure = gst_kvs_fragment_structure_new(start, &tagsLeftOut);
  if (tagsLeftOut > 0 && !std::exchange(self->priv->warnedTags, true)) {
    GST_ELEMENT_WARNING(self, STREAM, FAILED,
                        ("Fragment %s, and maybe others behind it, lose tags of the producer, "
                         "since the names of tags were too many in this process.",
                         start.fragment.number.c_str()),
                        (nullptr));
  }
  GST_DEBUG_OBJECT(self, "%" GST_PTR_FORMAT, structure);
  if (self->priv->postFragmentMessages) {
    gst_element_post_message(
        GST_ELEMENT(self),
        gst_message_new_element(GST_OBJECT(self), gst_structure_copy(structure)));
  }
  gst_pad_push_event(GST_BASE_SRC_PAD(self),
                     gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM_STICKY, structure));
}

static void log_summary(GstKvsArchiveSrc* self) {
  const double seconds =
      static_cast<double>(g_get_monotonic_time() - self->priv->startedAt) / G_TIME_SPAN_SECOND;
  GST_INFO_OBJECT(self, "end of the archive: %s",
                  gst_kvs_stats_summary(self->priv->run.report().stats.ledger, seconds).c_str());
}

/// Does what an output asks for. True once there is something to return from create().
static bool handle_output(GstKvsArchiveSrc* self, archive::ReaderOutput& output, GstBuffer** buffer,
                          GstFlowReturn* flow) {
  if (auto* block = std::get_if<archive::MediaBlock>(&output)) {
    *buffer = gst_kvs_buffer_new_block(std::move(*block));
    if (!self->priv->mediaSent) {
      self->priv->firstBlock.keep(*buffer);
      self->priv->mediaSent = true;
    }
    return true;
  }
  if (auto* header = std::get_if<archive::DocumentHeader>(&output)) {
    *buffer = gst_kvs_buffer_new(std::move(header->bytes));
    self->priv->headerSent = true;
    return true;
  }
  if (std::holds_alternative<archive::EndOfArchive>(output)) {
    log_summary(self);
    *flow = GST_FLOW_EOS;
    return true;
  }
  if (const auto* start = std::get_if<archive::FragmentStart>(&output)) {
    tell_fragment(self, *start);
  } else if (const auto* progress = std::get_if<archive::Progress>(&output)) {
    post_progress(self, *progress);
  } else if (std::holds_alternative<archive::DurationChanged>(output)) {
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_duration_changed(GST_OBJECT(self)));
  } else if (std::holds_alternative<archive::ProgressReport>(output)) {
    gst_element_post_message(
        GST_ELEMENT(self),
        gst_message_new_element(GST_OBJECT(self),
                                gst_kvs_progress_structure_new(self->priv->run.report().stats)));
  } else if (const auto* warning = std::get_if<archive::Warning>(&output)) {
    GST_ELEMENT_WARNING(self, STREAM, FAILED, ("%s.", warning->text.c_str()), (nullptr));
  }
  return false;
}

/// Ends the stream after an error. Basesrc would post "Internal data stream error" behind ours for
/// any flow return that says error, so this returns FLUSHING, which just pauses the task, and sends
/// the EOS that basesrc would send, so that muxers finish their files. A demuxer that has seen
/// nothing yet would answer an EOS with an error of its own.
static GstFlowReturn fail(GstKvsArchiveSrc* self, const Error& error) {
  close_step(self, GST_PROGRESS_TYPE_ERROR, error.message.c_str());
  gst_kvs_element_post_error(GST_ELEMENT(self), self->priv->settings, error);
  self->priv->failed = true;
  if (self->priv->headerSent) {
    gst_pad_push_event(GST_BASE_SRC_PAD(self), gst_event_new_eos());
  }
  return GST_FLOW_FLUSHING;
}

static GstFlowReturn gst_kvs_archive_src_create(GstPushSrc* src, GstBuffer** buffer) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(src);
  GstFlowReturn flow = GST_FLOW_OK;
  if (self->priv->failed) {
    return GST_FLOW_EOS;  // flushed after an error, which was told once
  }
  const auto reader = self->priv->run.reader(self->priv->cancel);
  if (!reader) {
    return reader.error().kind == ErrorKind::kCancelled ? GST_FLOW_FLUSHING
                                                        : fail(self, reader.error());
  }
  *buffer = self->priv->firstBlock.again();
  if (*buffer != nullptr) {
    return flow;
  }
  if (const auto segment = std::exchange(self->priv->seekSegment, std::nullopt)) {
    (*reader)->seek((*reader)->seekGrid()->timeAt(segment->start), gst_kvs_seek_spacing(*segment));
  }
  for (;;) {
    auto output = (*reader)->next(self->priv->cancel);
    if (output) {
      if (handle_output(self, *output, buffer, &flow)) {
        return flow;
      }
      continue;
    }
    if (output.error().kind == ErrorKind::kCancelled) {
      // Also before an EOS that the application sends: gst-launch waits for open steps for ever.
      close_step(self, GST_PROGRESS_TYPE_CANCELED, "Interrupted");
      return GST_FLOW_FLUSHING;
    }
    return fail(self, output.error());
  }
}

/* --- seeking --- */

static gboolean gst_kvs_archive_src_is_seekable(GstBaseSrc* src) {
  return GST_KVS_ARCHIVE_SRC(src)->priv->run.seekRange().grid ? TRUE : FALSE;
}

static gboolean gst_kvs_archive_src_get_size(GstBaseSrc* src, guint64* size) {
  const GstKvsSeekRange range = GST_KVS_ARCHIVE_SRC(src)->priv->run.seekRange();
  *size = range.grid ? range.grid->size() : 0;
  return range.grid ? TRUE : FALSE;
}

/// Called while the streaming thread rests. The next create() goes there.
static gboolean gst_kvs_archive_src_do_seek(GstBaseSrc* src, GstSegment* segment) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(src);
  if (!self->priv->mediaSent) {
    return segment->start == 0 ? TRUE : FALSE;  // the one that every source begins with
  }
  GST_DEBUG_OBJECT(self, "goes on at virtual offset %" G_GUINT64_FORMAT, segment->start);
  self->priv->seekSegment = *segment;
  self->priv->firstBlock.seek();
  return TRUE;
}

/// Whether basesrc may have the seek; what it refuses later has stopped playback before.
static bool prepare_seek(GstKvsArchiveSrc* self, GstEvent* event) {
  const char* refusal = self->priv->mediaSent
                            ? gst_kvs_seek_refusal(event, self->priv->run.seekRange())
                            : "the first frame is not out yet";
  if (refusal == nullptr && !self->priv->firstBlock.prepareSeek()) {
    refusal = "it was sent before the first frame was out";
  }
  if (refusal != nullptr) {
    GST_WARNING_OBJECT(self, "refused a seek: %s", refusal);
  }
  return refusal == nullptr;
}

/// A seek of the application comes once from each sink.
static gboolean gst_kvs_archive_src_event(GstBaseSrc* src, GstEvent* event) {
  GstKvsArchiveSrc* self = GST_KVS_ARCHIVE_SRC(src);
  if (GST_EVENT_TYPE(event) != GST_EVENT_SEEK) {
    return GST_BASE_SRC_CLASS(parent_class)->event(src, event);
  }
  if (gst_event_get_seqnum(event) == self->priv->lastSeek) {
    return TRUE;
  }
  if (!prepare_seek(self, event) || !GST_BASE_SRC_CLASS(parent_class)->event(src, event)) {
    return FALSE;
  }
  self->priv->lastSeek = gst_event_get_seqnum(event);
  return TRUE;
}

/// Sent to the element itself, a seek would pass by the above.
static gboolean gst_kvs_archive_src_send_event(GstElement* element, GstEvent* event) {
  if (GST_EVENT_TYPE(event) == GST_EVENT_SEEK &&
      !prepare_seek(GST_KVS_ARCHIVE_SRC(element), event)) {
    gst_event_unref(event);
    return FALSE;
  }
  return GST_ELEMENT_CLASS(parent_class)->send_event(element, event);
}

static gboolean gst_kvs_archive_src_query(GstBaseSrc* src, GstQuery* query) {
  return gst_kvs_seek_answer_query(query, GST_KVS_ARCHIVE_SRC(src)->priv->run.seekRange()) ||
         GST_BASE_SRC_CLASS(parent_class)->query(src, query);
}

/* --- class --- */

static void gst_kvs_archive_src_finalize(GObject* object) {
  delete GST_KVS_ARCHIVE_SRC(object)->priv;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

static void gst_kvs_archive_src_class_init(GstKvsArchiveSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(gst_kvs_archive_src_debug, "kvsarchivesrc", 0, "KVS archive source");
  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = gst_kvs_archive_src_set_property;
  object_class->get_property = gst_kvs_archive_src_get_property;
  object_class->finalize = gst_kvs_archive_src_finalize;
  gst_kvs_archive_settings_install_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Kinesis Video Streams archive source", "Source/Network",
      "Reads a time range of an Amazon Kinesis Video stream as one Matroska document",
      "The gst-kvs-archive developers");

  element_class->send_event = gst_kvs_archive_src_send_event;
  element_class->change_state = gst_kvs_archive_src_change_state;

  GstBaseSrcClass* base_class = GST_BASE_SRC_CLASS(klass);
  gst_kvs_base_src_class_ask_for_no_memory(base_class);
  base_class->stop = gst_kvs_archive_src_stop;
  base_class->unlock = gst_kvs_archive_src_unlock;
  base_class->unlock_stop = gst_kvs_archive_src_unlock_stop;
  base_class->is_seekable = gst_kvs_archive_src_is_seekable;
  base_class->get_size = gst_kvs_archive_src_get_size;
  base_class->do_seek = gst_kvs_archive_src_do_seek;
  base_class->event = gst_kvs_archive_src_event;
  base_class->query = gst_kvs_archive_src_query;
  GST_PUSH_SRC_CLASS(klass)->create = gst_kvs_archive_src_create;
}

static void gst_kvs_archive_src_init(GstKvsArchiveSrc* self) {
  self->priv = new GstKvsArchiveSrcPrivate();
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_BYTES);
  // Only the reader knows where the stream ends.
  gst_base_src_set_automatic_eos(GST_BASE_SRC(self), FALSE);
}
