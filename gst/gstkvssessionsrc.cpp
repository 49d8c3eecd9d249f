// SPDX-License-Identifier: LGPL-2.1-or-later
/**
 * SECTION:element-kvssessionsrc
 *
 * Opens a playback session of an Amazon Kinesis Video stream, HLS or DASH, live, replayed or on
 * demand, and pushes its manifest; hlsdemux or dashdemux fetch the rest, with the session's URL,
 * which this element tells in answer to the URI query. docs/elements.md describes properties,
 * messages and errors.
 *
 * Uses GetHLSStreamingSessionURL and GetDASHStreamingSessionURL:
 * https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_Operations_Amazon_Kinesis_Video_Streams_Archived_Media.html
 *
 * ## Example launch line
 * |[
 * gst-launch-1.0 kvssessionsrc protocol=hls stream-name=cam1 aws-region=eu-west-1
 *     ! hlsdemux ! decodebin3 ! videoconvert ! autovideosink
 * ]|
 *
 * Threads: properties may be read and set on any; the settings lock guards what is stored, the
 * running lock what runs. No lock is held while GStreamer or the network is called.
 *
 * Since: 0.1
 */

#include "gstkvssessionsrc.h"

#include <string>
#include <utility>

#include "base/cancel_token.h"
#include "base/guarded.h"
#include "gstkvselement.h"
#include "gstkvssessionrun.h"
#include "gstkvssessionsettings.h"
#include "gstkvssessionuri.h"
#include "gstkvssessionwatch.h"
#include "gstkvsstats.h"
#include "gstkvstime.h"

GST_DEBUG_CATEGORY_STATIC(gst_kvs_session_src_debug);
#define GST_CAT_DEFAULT gst_kvs_session_src_debug

using kvsarchive::CancelToken;
using kvsarchive::Error;
using kvsarchive::ErrorKind;
using kvsarchive::Guarded;
using kvsarchive::kvs::SessionProtocol;

namespace {

/// What is next for create().
enum class Step { kManifest, kEos, kWatch, kNothing };

}  // namespace

struct GstKvsSessionSrcPrivate {
  Guarded<GstKvsSessionSettings> settings;
  GstKvsSessionRun run;
  CancelToken cancel;
  /// Streaming thread, and start() and stop() while it rests.
  Step step = Step::kManifest;
  GstKvsSessionWatch watch;
};

struct _GstKvsSessionSrc {
  GstPushSrc parent;
  GstKvsSessionSrcPrivate* priv;
};

#define gst_kvs_session_src_parent_class parent_class
G_DEFINE_TYPE_WITH_CODE(GstKvsSessionSrc, gst_kvs_session_src, GST_TYPE_PUSH_SRC,
                        gst_kvs_uri_handler_add(g_define_type_id, &gst_kvs_session_uri_protocols))
GST_ELEMENT_REGISTER_DEFINE(kvssessionsrc, "kvssessionsrc", GST_RANK_NONE, GST_TYPE_KVS_SESSION_SRC)

#define HLS_CAPS "application/x-hls"
#define DASH_CAPS "application/dash+xml"

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE(
    "src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(HLS_CAPS "; " DASH_CAPS));

/* --- properties --- */

static void gst_kvs_session_src_set_property(GObject* object, guint id, const GValue* value,
                                             GParamSpec* pspec) {
  GstKvsSessionSrcPrivate* priv = GST_KVS_SESSION_SRC(object)->priv;
  gst_kvs_element_set_property<gst_kvs_session_settings_set_property>(
      GST_ELEMENT(object), priv->settings, priv->run, id, value, pspec);
}

static GstStructure* stats_structure_new(const GstKvsSessionRun::Report& report) {
  GstStructure* structure = gst_structure_new(
      "kvs-stats",                                            //
      "manifest-bytes", G_TYPE_UINT64, report.manifestBytes,  //
      "expires-at", G_TYPE_UINT64, gst_kvs_nanoseconds(report.expiresAt), nullptr);
  gst_kvs_stats_set_retries(structure, report.retries);
  return structure;
}

static void gst_kvs_session_src_get_property(GObject* object, guint id, GValue* value,
                                             GParamSpec* pspec) {
  GstKvsSessionSrc* self = GST_KVS_SESSION_SRC(object);
  if (id == GST_KVS_SESSION_PROP_STATS) {
    g_value_take_boxed(value, stats_structure_new(self->priv->run.report()));
    return;
  }
  auto settings = self->priv->settings.lock();
  if (!gst_kvs_session_settings_get_property(&*settings, id, value)) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

/* --- life --- */

static kvsarchive::Status prepare(GstKvsSessionSrc* self) {
  const GstKvsSessionSettings settings = *self->priv->settings.lock();
  auto started = self->priv->run.start(settings);
  if (!started) {
    return started;
  }
  self->priv->cancel.reset();
  self->priv->step = Step::kManifest;
  self->priv->watch = GstKvsSessionWatch();
  // Others may have been set since the settings were copied.
  static_cast<void>(self->priv->run.renewKeys(self->priv->settings.lock()->connection));
  return {};
}

/// Here and not in start(), where basesrc adds an error of its own to the one that is posted.
static GstStateChangeReturn gst_kvs_session_src_change_state(GstElement* element,
                                                             GstStateChange transition) {
  GstKvsSessionSrc* self = GST_KVS_SESSION_SRC(element);
  if (transition == GST_STATE_CHANGE_READY_TO_PAUSED) {
    const auto prepared = prepare(self);
    if (!prepared) {
      gst_kvs_element_post_error(element, self->priv->settings, prepared.error());
      return GST_STATE_CHANGE_FAILURE;
    }
  }
  return GST_ELEMENT_CLASS(parent_class)->change_state(element, transition);
}

static gboolean gst_kvs_session_src_stop(GstBaseSrc* src) {
  GST_KVS_SESSION_SRC(src)->priv->run.stop();
  return TRUE;
}

/// create() returns FLUSHING from here until unlock_stop(), without losing what it has.
static gboolean gst_kvs_session_src_unlock(GstBaseSrc* src) {
  GST_KVS_SESSION_SRC(src)->priv->cancel.cancel();
  return TRUE;
}

static gboolean gst_kvs_session_src_unlock_stop(GstBaseSrc* src) {
  GST_KVS_SESSION_SRC(src)->priv->cancel.reset();
  return TRUE;
}

/* --- streaming --- */

/// Ends the run with an error. Basesrc would post "Internal data stream error" behind ours for any
/// flow return that says error, so this returns FLUSHING, which just pauses the task. No EOS: a
/// demuxer that has seen no manifest would answer it with an error of its own.
static GstFlowReturn fail(GstKvsSessionSrc* self, const Error& error) {
  if (error.kind == ErrorKind::kCancelled) {
    return GST_FLOW_FLUSHING;
  }
  gst_kvs_element_post_error(GST_ELEMENT(self), self->priv->settings, error);
  self->priv->step = Step::kNothing;
  return GST_FLOW_FLUSHING;
}

/// Those of the protocol.
static GstCaps* gst_kvs_session_src_get_caps(GstBaseSrc* src, GstCaps* filter) {
  GstKvsSessionSrc* self = GST_KVS_SESSION_SRC(src);
  const SessionProtocol set = self->priv->settings.lock()->options.protocol;
  const SessionProtocol protocol = self->priv->run.protocol().value_or(set);
  GstCaps* caps = gst_caps_from_string(protocol == SessionProtocol::kHls ? HLS_CAPS : DASH_CAPS);
  if (filter != nullptr) {
    GstCaps* both = gst_caps_intersect_full(filter, caps, GST_CAPS_INTERSECT_FIRST);
    gst_caps_unref(caps);
    caps = both;
  }
  return caps;
}

static GstBuffer* buffer_new(std::string text) {
  auto* owner = new std::string(std::move(text));
  return gst_buffer_new_wrapped_full(GST_MEMORY_FLAG_READONLY, owner->data(), owner->size(), 0,
                                     owner->size(), owner,
                                     [](gpointer data) { delete static_cast<std::string*>(data); });
}

static GstFlowReturn push_manifest(GstKvsSessionSrc* self, GstBuffer** buffer) {
  auto manifest = self->priv->run.open(self->priv->cancel);
  if (!manifest) {
    return fail(self, manifest.error());
  }
  GstCaps* caps = gst_kvs_session_src_get_caps(GST_BASE_SRC(self), nullptr);
  const gboolean negotiated = gst_base_src_set_caps(GST_BASE_SRC(self), caps);
  gst_caps_unref(caps);
  if (!negotiated) {
    return GST_FLOW_NOT_NEGOTIATED;
  }
  GST_INFO_OBJECT(self, "a session with a manifest of %" G_GSIZE_FORMAT " bytes", manifest->size());
  *buffer = buffer_new(std::move(*manifest));
  self->priv->step = Step::kEos;
  return GST_FLOW_OK;
}

/// Goes on as the session's timer, for nothing else is left for this thread. An EOS flow would send
/// a second EOS, which demuxers pass on.
static GstFlowReturn watch(GstKvsSessionSrc* self) {
  if (self->priv->watch.wait(GST_ELEMENT(self), self->priv->run.opened(), self->priv->cancel)) {
    self->priv->step = Step::kNothing;
  }
  return GST_FLOW_FLUSHING;
}

static GstFlowReturn gst_kvs_session_src_create(GstPushSrc* src, GstBuffer** buffer) {
  GstKvsSessionSrc* self = GST_KVS_SESSION_SRC(src);
  switch (self->priv->step) {
    case Step::kManifest:
      return push_manifest(self, buffer);
    case Step::kEos:
      // Demuxers begin with what they have when it comes. Basesrc's own would end this task.
      self->priv->step = Step::kWatch;
      gst_pad_push_event(GST_BASE_SRC_PAD(self), gst_event_new_eos());
      return watch(self);
    case Step::kWatch:
      return watch(self);
    case Step::kNothing:
      break;
  }
  return GST_FLOW_FLUSHING;
}

/* --- queries --- */

static gboolean gst_kvs_session_src_is_seekable(GstBaseSrc*) { return FALSE; }

static gboolean gst_kvs_session_src_query(GstBaseSrc* src, GstQuery* query) {
  GstKvsSessionSrc* self = GST_KVS_SESSION_SRC(src);
  if (GST_QUERY_TYPE(query) == GST_QUERY_URI) {
    const std::string url = self->priv->run.url();
    if (!url.empty()) {
      gst_query_set_uri(query, url.c_str());
      return TRUE;
    }
  }
  const gboolean answered = GST_BASE_SRC_CLASS(parent_class)->query(src, query);
  if (answered && GST_QUERY_TYPE(query) == GST_QUERY_SCHEDULING) {
    // It comes over a network: players buffer then.
    GstSchedulingFlags flags{};
    gint least = 0;
    gint most = 0;
    gint align = 0;
    gst_query_parse_scheduling(query, &flags, &least, &most, &align);
    flags = static_cast<GstSchedulingFlags>(flags | GST_SCHEDULING_FLAG_BANDWIDTH_LIMITED);
    gst_query_set_scheduling(query, flags, least, most, align);
  }
  return answered;
}

/* --- class --- */

static void gst_kvs_session_src_finalize(GObject* object) {
  delete GST_KVS_SESSION_SRC(object)->priv;
  G_OBJECT_CLASS(parent_class)->finalize(object);
}

static void gst_kvs_session_src_class_init(GstKvsSessionSrcClass* klass) {
  GST_DEBUG_CATEGORY_INIT(gst_kvs_session_src_debug, "kvssessionsrc", 0, "KVS session source");
  GObjectClass* object_class = G_OBJECT_CLASS(klass);
  object_class->set_property = gst_kvs_session_src_set_property;
  object_class->get_property = gst_kvs_session_src_get_property;
  object_class->finalize = gst_kvs_session_src_finalize;
  gst_kvs_session_settings_install_properties(object_class);

  GstElementClass* element_class = GST_ELEMENT_CLASS(klass);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Kinesis Video Streams session source", "Source/Network",
      "Opens an HLS or DASH session of an Amazon Kinesis Video stream and pushes its manifest",
      "The gst-kvs-archive developers");
  element_class->change_state = gst_kvs_session_src_change_state;

  GstBaseSrcClass* base_class = GST_BASE_SRC_CLASS(klass);
  base_class->stop = gst_kvs_session_src_stop;
  base_class->unlock = gst_kvs_session_src_unlock;
  base_class->unlock_stop = gst_kvs_session_src_unlock_stop;
  base_class->get_caps = gst_kvs_session_src_get_caps;
  base_class->is_seekable = gst_kvs_session_src_is_seekable;
  base_class->query = gst_kvs_session_src_query;
  GST_PUSH_SRC_CLASS(klass)->create = gst_kvs_session_src_create;
}

static void gst_kvs_session_src_init(GstKvsSessionSrc* self) {
  self->priv = new GstKvsSessionSrcPrivate();
  gst_base_src_set_format(GST_BASE_SRC(self), GST_FORMAT_BYTES);
  gst_base_src_set_automatic_eos(GST_BASE_SRC(self), FALSE);
}
