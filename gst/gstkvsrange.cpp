// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsrange.h"

#include "archive/time_expression.h"
#include "base/iso8601.h"
#include "gstkvsproperty.h"

using kvsarchive::ErrorKind;
using kvsarchive::makeError;
using kvsarchive::Result;
using kvsarchive::UnixTime;
using kvsarchive::kvs::FragmentSelector;
using kvsarchive::kvs::SelectorType;

static const GEnumValue kSelectorTypes[] = {{static_cast<int>(SelectorType::kProducerTimestamp),
                                             "By the producer's clock", "producer-timestamp"},
                                            {static_cast<int>(SelectorType::kServerTimestamp),
                                             "By the service's clock", "server-timestamp"},
                                            {0, nullptr, nullptr}};

void gst_kvs_range_install_properties(GObjectClass* klass, const GstKvsRangeSettings& defaults,
                                      const char* start_blurb, const char* end_blurb) {
  gst_kvs_install_string(klass, GST_KVS_RANGE_PROP_START_TIMESTAMP,
                         {"start-timestamp", "Start of the range", start_blurb}, nullptr);
  gst_kvs_install_string(
      klass, GST_KVS_RANGE_PROP_END_TIMESTAMP,
      {"end-timestamp", "End of the range, itself included", end_blurb},
      defaults.endTimestamp.empty() ? nullptr : g_intern_string(defaults.endTimestamp.c_str()));
  gst_kvs_install_enum(klass, GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE,
                       {"fragment-selector-type", "Fragment selector type",
                        "Which timestamp of a fragment has to be in the range"},
                       GST_KVS_SELECTOR_TYPE_NAME, kSelectorTypes,
                       static_cast<int>(defaults.selectorType));
}

gboolean gst_kvs_range_set_property(GstKvsRangeSettings* settings,
                                    const GstKvsRangeSettings& defaults, guint id,
                                    const GValue* value) {
  switch (id) {
    case GST_KVS_RANGE_PROP_START_TIMESTAMP:
      settings->startTimestamp = gst_kvs_string_from_value(value);
      return TRUE;
    case GST_KVS_RANGE_PROP_END_TIMESTAMP:
      settings->endTimestamp = gst_kvs_string_from_value(value);
      if (settings->endTimestamp.empty()) {
        settings->endTimestamp = defaults.endTimestamp;
      }
      return TRUE;
    case GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE:
      settings->selectorType = static_cast<SelectorType>(g_value_get_enum(value));
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean gst_kvs_range_get_property(const GstKvsRangeSettings& settings, guint id, GValue* value) {
  switch (id) {
    case GST_KVS_RANGE_PROP_START_TIMESTAMP:
      gst_kvs_string_to_value(settings.startTimestamp, value);
      return TRUE;
    case GST_KVS_RANGE_PROP_END_TIMESTAMP:
      gst_kvs_string_to_value(settings.endTimestamp, value);
      return TRUE;
    case GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE:
      g_value_set_enum(value, static_cast<int>(settings.selectorType));
      return TRUE;
    default:
      return FALSE;
  }
}

Result<UnixTime> gst_kvs_range_time(const char* property, const std::string& text, UnixTime now) {
  auto time = kvsarchive::archive::parseTimeExpression(text, now);
  if (!time) {
    return makeError(ErrorKind::kSettings, std::string(property) + ": " + time.error().message);
  }
  return time;
}

Result<FragmentSelector> gst_kvs_range_resolve(const GstKvsRangeSettings& settings, UnixTime now) {
  if (settings.startTimestamp.empty()) {
    return makeError(ErrorKind::kSettings, "start-timestamp, in a URI start, is not set");
  }
  const auto start = gst_kvs_range_time("start-timestamp", settings.startTimestamp, now);
  if (!start) {
    return start.error();
  }
  const auto end = gst_kvs_range_time("end-timestamp", settings.endTimestamp, now);
  if (!end) {
    return end.error();
  }
  if (*end <= *start) {
    return makeError(ErrorKind::kSettings, "end-timestamp " + kvsarchive::formatIso8601(*end) +
                                               " is not after start-timestamp " +
                                               kvsarchive::formatIso8601(*start));
  }
  FragmentSelector selector;
  selector.type = settings.selectorType;
  selector.start = *start;
  selector.end = *end;
  return selector;
}
