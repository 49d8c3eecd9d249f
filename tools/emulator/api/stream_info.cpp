// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/stream_info.h"

namespace kvsemulator {

void writeStreamInfo(JsonWriter& json, const Stream& stream) {
  const StreamOptions& options = stream.options();
  const std::string prefix = options.arn.substr(0, options.arn.find(":stream/"));
  json.beginObject();
  json.key("CreationTime").javaSeconds(options.creationMs);
  json.key("DataRetentionInHours").integer(options.retentionHours);
  json.key("DeviceName").null();
  std::string kmsKey = prefix + ":alias/aws/kinesisvideo";
  kmsKey.replace(kmsKey.find(":kinesisvideo:"), 14, ":kms:");
  json.key("KmsKeyId").text(kmsKey);
  json.key("MediaType").text(options.mediaType);
  json.key("Status").text("ACTIVE");
  json.key("StreamARN").text(options.arn);
  json.key("StreamName").text(options.name);
  json.key("Version").text("kvsEmulatorVersion01");
  json.endObject();
}

}  // namespace kvsemulator
