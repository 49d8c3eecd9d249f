// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quota/quota_limits.h"

namespace kvsemulator {
namespace {

/// As of the service's quotas page.
constexpr QuotaLimits kPublished{5, 10'000, 500, 5, 25'000'000, 25, 5, 20};

}  // namespace

QuotaLimits readQuotaLimits(JsonReader& parent) {
  constexpr const char* kName = "quotas";
  if (parent.isText(kName)) {
    return parent.choice(kName, QuotaLimits(),
                         {{"none", QuotaLimits()}, {"published", kPublished}});
  }
  JsonReader json = parent.object(kName);
  QuotaLimits limits;
  limits.requests = json.integer("requests", 0, 0, INT64_MAX);
  limits.metadataPoints = json.integer("metadata-points", 0, 0, INT64_MAX);
  limits.mediaPoints = json.integer("media-points", 0, 0, INT64_MAX);
  limits.mediaConnections = json.integer("media-connections", 0, 0, INT64_MAX);
  limits.bytesPerSecond = json.integer("bytes-per-second", 0, 0, INT64_MAX);
  limits.sessions = json.integer("sessions", 0, 0, INT64_MAX);
  limits.sessionManifests = json.integer("session-manifests", 0, 0, INT64_MAX);
  limits.sessionFragments = json.integer("session-fragments", 0, 0, INT64_MAX);
  json.finish();
  return limits;
}

}  // namespace kvsemulator
