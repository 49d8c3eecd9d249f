// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvselement.h"

#include "base/text.h"

std::string gst_kvs_element_stream_text(const kvsarchive::kvs::ConnectionSettings& settings) {
  constexpr size_t kMaxBytes = 1024;  // of an ARN
  return kvsarchive::oneLine(settings.streamName.empty() ? settings.streamArn : settings.streamName,
                             kMaxBytes);
}

void gst_kvs_element_tell_renewal(GstElement* element, const kvsarchive::Status& renewed) {
  if (!renewed) {
    GST_ELEMENT_WARNING(element, RESOURCE, SETTINGS,
                        ("%s. The old keys are used on.", renewed.error().message.c_str()),
                        (nullptr));
  }
}
