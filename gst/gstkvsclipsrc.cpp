// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-kvsclipsrc
 *
 * Reads a time range out of the archive of an Amazon Kinesis Video stream as one MP4 file, which
 * the service makes of up to 200 fragments or 100 MB. The file can be read at any place, in push
 * and in pull mode, while it is downloaded. docs/elements.md describes properties, messages and
 * errors.
 *
 * Uses GetClip, and ListFragments to tell whether the clip is complete:
 * https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetClip.html
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 kvsclipsrc stream-name=cam1 aws-region=eu-west-1
 *     start-timestamp=2026-03-01T10:00:00Z end-timestamp=2026-03-01T10:01:00Z
 *     ! filesink location=clip.mp4
 * ]|
 *
 * Threads: properties may be read and set on any; the settings lock guards what is stored, the
 * run has a lock of its own. No lock is held while GStreamer or the network is called. The download
 * has a thread of its own, which posts warnings.
 *
 * Since: 0.1
 */

#include "gstkvsclipsrc.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/cancel_token.h"
#include "base/guarded.h"
#include "gstkvsallocation.h"
#include "gstkvsbuffer.h"
#include "gstkvscliprun.h"
#include "gstkvsclipsettings.h"
#include "gstkvsclipstats.h"
#include "gstkvsclipuri.h"
#include "gstkvselement.h"

GST_DEBUG_CATEGORY_STATIC(gst_kvs_clip_src_debug);
#define GST_CAT_DEFAULT gst_kvs_clip_src_debug

namespace clip = kvsarchive::clip;
using kvsarchive::CancelToken;
using kvsarchive::Error;
using kvsarchive::ErrorKind;
using kvsarchive::Guarded;

namespace {

struct Start {
  bool done = false;    ///< the run is made of the settings as they were
  bool failed = false;  ///< or can't be
};

}  // namespace

struct GstKvsClipSrcPrivate {
  Guarded<GstKvsClipSettings> settings;
  Guarded<Start> start;  ///< also held while it is made
  GstKvsClipRun run;
  CancelToken cancel;
  /// Of who waits for the size: basesrc ends `cancel` again without waiting for queries.
  CancelToken cancelSize;
  std::atomic<bool> isSplit{false};
  std::atomic<bool> failed{false};     ///< an error was posted
  std::atomic<bool> movieSent{false};  ///< downstream knows what the file holds
  /// With long-clips=split, on the streaming thread.
  std::shared_ptr<clip::ClipPart> part;  ///< the file that is pushed
  guint partIndex = 0;
  guint64 partOffset = 0;
};

struct _GstKvsClipSrc {
  GstBaseSrc parent;
  GstKvsClipSrcPrivate* priv;
};

#define gst_kvs_clip_src_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE(GstKvsClipSrc, gst_kvs_clip_src, GST_TYPE_BASE_SRC,
                        gst_kvs_uri_handler_add(g_define_type_id, &gst_kvs_clip_uri_protocols))
GST_ELEMENT_REGISTER_DEFINE(kvsclipsrc, "kvsclipsrc", GST_RANK_NONE, GST_TYPE_KVS_CLIP_SRC)

static constexpr guint kBlockSize = 64 << 10;

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/quicktime, variant = (string) iso"));

/* --- properties --- */

static void gst_kvs_clip_src_set_property(GObject* object, guint id, const GValue* value,
                                          GParamSpec* pspec) {
  GstKvsClipSrcPrivate* priv = GST_KVS_CLIP_SRC(object)->priv;
  gst_kvs_element_set_property<gst_kvs_clip_settings_set_property>(
      GST_ELEMENT(object), priv->settings, priv->run, id, value, pspec);
}

static void gst_kvs_clip_src_get_property(GObject* object, guint id, GValue* value,
                                          GParamSpec* pspec) {
  GstKvsClipSrc* self = GST_KVS_CLIP_SRC(object);
  if (id == GST_KVS_CLIP_PROP_STATS) {
    g_value_take_boxed(value, gst_kvs_clip_stats_structure_new(self->priv->run.stats()));
    return;
  }
  auto settings = self->priv->settings.lock();
  if (!gst_kvs_clip_settings_get_property(&*settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

/* --- life --- */

/// Reads the settings and makes what reads by them, unless that was done.
static kvsarchive::Status prepare(GstKvsClipSrc* self) {
  const GstKvsClipSettings settings = *self->priv->settings.lock();
  auto start = self->priv->start.lock();
  if (start->done) {
    return {};
  }
  start->done = true;
  start->failed = false;
  self->priv->cancel.reset();
  self->priv->isSplit = settings.options.longClips == clip::LongClips::kSplit;
  self->priv->failed = false;
  self->priv->movieSent = false;
  self->priv->part.reset();
  self->priv->partIndex = 0;
  self->priv->partOffset = 0;
  auto started = self->priv->run.start(settings, [self](const std::string& text) {
    GST_ELEMENT_WARNING(self, STREAM, FAILED, ("%s.", text.c_str()), (nullptr));
  });
  if (!started) {
    start->failed = true;
    self->priv->failed = true;  // whoever streams gets nothing
    return started;
  }
  // Others may have been set since the settings were copied.
  static_cast<void>(self->priv->run.renewKeys(self->priv->settings.lock()->connection));
  return {};
}

/// False after an error, which is told once.
static bool ensure_prepared(GstKvsClipSrc* self) {
  const auto prepared = prepare(self);
  if (!prepared) {
    gst_kvs_element_post_error(GST_ELEMENT(self), self->priv->settings, prepared.error());
  }
  return !self->priv->start.lock()->failed;
}

static void finish(GstKvsClipSrc* self) {
  self->priv->run.stop();
  self->priv->part.reset();
  *self->priv->start.lock() = {};
}

/// Settings are checked here and not in start(), where basesrc adds an error of its own to the one
/// that is posted; unless a demuxer that pulls comes first. The run ends here too: who pulls stops
/// and starts the source at will, as typefind does.
static GstStateChangeReturn gst_kvs_clip_src_change_state(GstElement* element,
                                                          GstStateChange transition) {
  GstKvsClipSrc* self = GST_KVS_CLIP_SRC(element);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED && !ensure_prepared(self)) {
    if (!GST_BASE_SRC_IS_STARTED(self)) {  // else when it is stopped
      finish(self);
    }
    return GST_STATE_CHANGE_FAILURE;
  }
  const GstStateChangeReturn changed =
      GST_ELEMENT_CLASS(parent_class)->change_state(element, transition);
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY ||
      transition == GST_STATE_CHANGE_READY_TO_NULL) {
    finish(self);
  }
  return changed;
}

static gboolean gst_kvs_clip_src_start(GstBaseSrc* src) {
  GstKvsClipSrc* self = GST_KVS_CLIP_SRC(src);
  self->priv->cancelSize.reset();
  static_cast<void>(ensure_prepared(self));
  return TRUE;
}

/// Downstream may give up before the source itself has begun: settings can change then.
static gboolean gst_kvs_clip_src_stop(GstBaseSrc* src) {
  GST_OBJECT_LOCK(src);
  const bool isStopped = GST_STATE(src) <= GST_STATE_READY;
  GST_OBJECT_UNLOCK(src);
  if (isStopped) {
    finish(GST_KVS_CLIP_SRC(src));
  }
  return TRUE;
}

/// create() returns FLUSHING from here until unlock_stop(). The download goes on.
static gboolean gst_kvs_clip_src_unlock(GstBaseSrc* src) {
  GST_KVS_CLIP_SRC(src)->priv->cancel.cancel();
  GST_KVS_CLIP_SRC(src)->priv->cancelSize.cancel();
  return TRUE;
}

static gboolean gst_kvs_clip_src_unlock_stop(GstBaseSrc* src) {
  GST_KVS_CLIP_SRC(src)->priv->cancel.reset();
  return TRUE;
}

/* --- streaming --- */

static bool is_pulled(GstKvsClipSrc* self) {
  return GST_PAD_MODE(GST_BASE_SRC_PAD(self)) == GST_PAD_MODE_PULL;
}

/// What to return after an error. Basesrc and demuxers would post errors of their own behind ours
/// for a flow return that says error. FLUSHING just pauses whoever streams; EOS, if the demuxer
/// knows what the file holds, so that muxers finish theirs.
static GstFlowReturn flow_after_error(GstKvsClipSrc* self) {
  return self->priv->movieSent ? GST_FLOW_EOS : GST_FLOW_FLUSHING;
}

/// Tells an error, once.
static GstFlowReturn fail(GstKvsClipSrc* self, const Error& error) {
  if (error.kind == ErrorKind::kCancelled) {
    return GST_FLOW_FLUSHING;
  }
  if (!self->priv->failed.exchange(true)) {
    gst_kvs_element_post_error(GST_ELEMENT(self), self->priv->settings, error);
  }
  return flow_after_error(self);
}

/// A buffer of `part`'s bytes at `place`, with `offset` in what is pushed.
static GstBuffer* buffer_new(GstKvsClipSrc* self, const clip::ClipPart& part, guint64 place,
                             kvsarchive::Bytes bytes, guint64 offset) {
  const gsize size = bytes.size();
  GstBuffer* buffer = gst_kvs_buffer_new(std::move(bytes));
  GST_BUFFER_OFFSET(buffer) = offset;
  GST_BUFFER_OFFSET_END(buffer) = offset + size;
  if (place + size >= part.movieEnd) {
    self->priv->movieSent = true;
  }
  return buffer;
}

/// As ClipReader::part(); cancelled if it is stopped, as queries may find it.
static kvsarchive::Result<std::shared_ptr<clip::ClipPart>> find_part(GstKvsClipSrc* self,
                                                                     guint index,
                                                                     const CancelToken& cancel) {
  const auto reader = self->priv->run.reader();
  return reader ? reader->part(index, cancel) : kvsarchive::cancelledError();
}

/// The only file, at any place.
static GstFlowReturn create_at(GstKvsClipSrc* self, guint64 offset, guint length,
                               GstBuffer** buffer) {
  const auto part = find_part(self, 0, self->priv->cancel);
  if (!part) {
    return fail(self, part.error());
  }
  // Who pulls gets all that was asked for, who is pushed to what is there.
  guint64 least = 1;
  if (is_pulled(self)) {
    const auto size = (*part)->spool.knownSize();
    if (size && offset >= *size) {
      return GST_FLOW_EOS;  // qtdemux looks there before it begins
    }
    least = std::min<guint64>(length, size.value_or(G_MAXUINT64) - offset);
  }
  auto bytes = (*part)->spool.read(offset, least, length, self->priv->cancel);
  if (!bytes) {
    return fail(self, bytes.error());
  }
  if (bytes->empty()) {
    return GST_FLOW_EOS;
  }
  *buffer = buffer_new(self, **part, offset, std::move(*bytes), offset);
  return GST_FLOW_OK;
}

static void tell_boundary(GstKvsClipSrc* self) {
  gst_element_post_message(
      GST_ELEMENT(self),
      gst_message_new_element(
          GST_OBJECT(self),
          gst_kvs_clip_boundary_structure_new(self->priv->partIndex, self->priv->part->window)));
}

/// The files, one after the other.
static GstFlowReturn create_next(GstKvsClipSrc* self, guint64 offset, guint length,
                                 GstBuffer** buffer) {
  GstKvsClipSrcPrivate* priv = self->priv;
  for (;;) {
    if (!priv->part) {
      auto part = find_part(self, priv->partIndex, priv->cancel);
      if (!part) {
        return fail(self, part.error());
      }
      if (!*part) {
        return GST_FLOW_EOS;
      }
      priv->part = std::move(*part);
    }
    auto bytes = priv->part->spool.read(priv->partOffset, 1, length, priv->cancel);
    if (!bytes) {
      return fail(self, bytes.error());
    }
    if (bytes->empty()) {
      priv->part.reset();
      priv->partOffset = 0;
      ++priv->partIndex;
      continue;
    }
    const bool begins = priv->partOffset == 0;
    const guint64 place = priv->partOffset;
    priv->partOffset += bytes->size();
    *buffer = buffer_new(self, *priv->part, place, std::move(*bytes), offset);
    if (begins) {
      GST_BUFFER_FLAG_SET(*buffer, GST_BUFFER_FLAG_DISCONT);
      tell_boundary(self);
    }
    return GST_FLOW_OK;
  }
}

static GstFlowReturn gst_kvs_clip_src_create(GstBaseSrc* src, guint64 offset, guint length,
                                             GstBuffer** buffer) {
  GstKvsClipSrc* self = GST_KVS_CLIP_SRC(src);
  if (self->priv->failed) {
    return flow_after_error(self);
  }
  return self->priv->isSplit ? create_next(self, offset, length, buffer)
                             : create_at(self, offset, length, buffer);
}

static gboolean gst_kvs_clip_src_is_seekable(GstBaseSrc* src) {
  return GST_KVS_CLIP_SRC(src)->priv->isSplit ? FALSE : TRUE;
}

/// Of the file, if it is known.
static std::optional<guint64> known_size(GstKvsClipSrc* self) {
  return self->priv->isSplit ? std::nullopt : self->priv->run.knownSize();
}

/// Of the file, once it is known: demuxers and typefinders that pull need it. After an error they
/// are told any, so that they pull, and pause without an error of their own. None if it is stopped
/// or flushed.
static std::optional<guint64> wait_for_size(GstKvsClipSrc* self) {
  constexpr guint64 kAny = 1;
  if (self->priv->failed) {
    return kAny;
  }
  if (const auto known = known_size(self)) {
    return known;
  }
  const auto part = find_part(self, 0, self->priv->cancelSize);
  const auto size = part ? (*part)->spool.size(self->priv->cancelSize) : part.error();
  if (size) {
    return *size;
  }
  fail(self, size.error());
  return size.error().kind == ErrorKind::kCancelled ? std::nullopt : std::make_optional(kAny);
}

static gboolean gst_kvs_clip_src_get_size(GstBaseSrc* src, guint64* size) {
  const auto known = known_size(GST_KVS_CLIP_SRC(src));
  *size = known.value_or(0);
  return known ? TRUE : FALSE;
}

/// Basesrc would start and stop to find out.
static void answer_scheduling(GstKvsClipSrc* self, GstQuery* query) {
  const bool wasRead = self->priv->start.lock()->done;
  const bool isSplit =
      wasRead ? self->priv->isSplit.load()
              : self->priv->settings.lock()->options.longClips == clip::LongClips::kSplit;
  gst_query_set_scheduling(
      query, isSplit ? GST_SCHEDULING_FLAG_SEQUENTIAL : GST_SCHEDULING_FLAG_SEEKABLE, 1, -1, 0);
  if (!isSplit) {
    gst_query_add_scheduling_mode(query, GST_PAD_MODE_PULL);
  }
  gst_query_add_scheduling_mode(query, GST_PAD_MODE_PUSH);
}

static gboolean answer_duration(GstKvsClipSrc* self, GstQuery* query) {
  GstFormat format = GST_FORMAT_UNDEFINED;
  gst_query_parse_duration(query, &format, nullptr);
  std::optional<guint64> size;
  if (format == GST_FORMAT_BYTES) {
    size = is_pulled(self) ? wait_for_size(self) : known_size(self);
  }
  if (!size) {  // basesrc would answer -1, which demuxers take for an answer
    return FALSE;
  }
  gst_query_set_duration(query, format, static_cast<gint64>(*size));
  return TRUE;
}

static gboolean gst_kvs_clip_src_query(GstBaseSrc* src, GstQuery* query) {
  GstKvsClipSrc* self = GST_KVS_CLIP_SRC(src);
  switch (GST_QUERY_TYPE(query)) {
    case GST_QUERY_SCHEDULING:
      answer_scheduling(self, query);
      return TRUE;
    case GST_QUERY_DURATION:
      return answer_duration(self, query);
    default:
      return GST_BASE_SRC_CLASS(parent_class)->query(src, query);
  }
}

/* --- class --- */

static void gst_kvs_clip_src_finalize(GObject* object) {
  delete GST_KVS_CLIP_SRC(object)->priv;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

static void gst_kvs_clip_src_class_init(GstKvsClipSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(gst_kvs_clip_src_debug, "kvsclipsrc", 0, "KVS clip source");
  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = gst_kvs_clip_src_set_property;
  object_class->get_property = gst_kvs_clip_src_get_property;
  object_class->finalize = gst_kvs_clip_src_finalize;
  gst_kvs_clip_settings_install_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Kinesis Video Streams clip source", "Source/Network",
      "Reads a time range of an Amazon Kinesis Video stream as an MP4 file",
      "The gst-kvs-archive developers");
  element_class->change_state = gst_kvs_clip_src_change_state;

  GstBaseSrcClass* base_class = GST_BASE_SRC_CLASS(klass);
  gst_kvs_base_src_class_ask_for_no_memory(base_class);
  base_class->start = gst_kvs_clip_src_start;
  base_class->stop = gst_kvs_clip_src_stop;
  base_class->unlock = gst_kvs_clip_src_unlock;
  base_class->unlock_stop = gst_kvs_clip_src_unlock_stop;
  base_class->is_seekable = gst_kvs_clip_src_is_seekable;
  base_class->get_size = gst_kvs_clip_src_get_size;
  base_class->query = gst_kvs_clip_src_query;
  base_class->create = gst_kvs_clip_src_create;
}

static void gst_kvs_clip_src_init(GstKvsClipSrc* self) {
  self->priv = new GstKvsClipSrcPrivate();
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_BYTES);
  gst_base_src_set_blocksize(GST_BASE_SRC(self), kBlockSize);
  // The size may be known late.
  gst_base_src_set_automatic_eos(GST_BASE_SRC(self), FALSE);
}
