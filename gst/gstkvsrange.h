// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "base/result.h"
#include "base/unix_time.h"
#include "gstkvssettings.h"
#include "kvs/fragment.h"

/// The time range that an element was told to read, as it was told.
struct GstKvsRangeSettings {
  std::string startTimestamp;  ///< empty: not set
  std::string endTimestamp;    ///< empty: not set
  kvsarchive::kvs::SelectorType selectorType = kvsarchive::kvs::SelectorType::kProducerTimestamp;
};

/// Each element numbers its own from GST_KVS_RANGE_PROP_LAST on.
enum GstKvsRangeProp {
  GST_KVS_RANGE_PROP_START_TIMESTAMP = GST_KVS_PROP_LAST,
  GST_KVS_RANGE_PROP_END_TIMESTAMP,
  GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE,
  GST_KVS_RANGE_PROP_LAST
};

/// GType name of the property fragment-selector-type.
constexpr const char* GST_KVS_SELECTOR_TYPE_NAME = "GstKvsFragmentSelectorType";

/// `start` and `end`: what the two timestamps mean to the element.
void gst_kvs_range_install_properties(GObjectClass* klass, const GstKvsRangeSettings& defaults,
                                      const char* start_blurb, const char* end_blurb);

/// Both return FALSE for a property that is not one of these. An empty end-timestamp is the one of
/// `defaults` again.
gboolean gst_kvs_range_set_property(GstKvsRangeSettings* settings,
                                    const GstKvsRangeSettings& defaults, guint id,
                                    const GValue* value);
gboolean gst_kvs_range_get_property(const GstKvsRangeSettings& settings, guint id, GValue* value);

/// The time that a property says. Errors: kSettings, naming the property.
kvsarchive::Result<kvsarchive::UnixTime> gst_kvs_range_time(const char* property,
                                                            const std::string& text,
                                                            kvsarchive::UnixTime now);

/// For elements that need both timestamps, the end behind the start. Errors: kSettings.
kvsarchive::Result<kvsarchive::kvs::FragmentSelector> gst_kvs_range_resolve(
    const GstKvsRangeSettings& settings, kvsarchive::UnixTime now);
