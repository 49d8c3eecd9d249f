// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/config_reader.h"

#include "base/json_reader.h"
#include "config/recording_reader.h"
#include "session/session_lifetime.h"

namespace kvsemulator {
namespace {

constexpr int64_t kDefaultRetentionHours = 876'000;  // a century: recordings keep their old dates
constexpr const char* kCreation = "2020-01-01T00:00:00Z";

ListingOptions readListing(JsonReader& parent) {
  JsonReader json = parent.object("listing");
  ListingOptions listing;
  listing.shuffled = json.choice("order", true, {{"shuffled", true}, {"ingestion", false}});
  listing.seed = static_cast<uint64_t>(json.integer("seed", 1, 0, INT64_MAX));
  listing.shortPagesPercent = static_cast<int>(json.integer("short-pages-percent", 15, 0, 100));
  json.finish();
  return listing;
}

StreamConfig readStream(JsonReader& json, const ClipOptions& clips) {
  StreamConfig config;
  StreamOptions& options = config.options;
  options.name = json.requiredText("name");
  options.retentionHours = json.integer("retention-hours", kDefaultRetentionHours, 0, 10'000'000);
  options.mediaType = json.text("media-type", options.mediaType);
  options.creationMs = json.time("creation-time", kCreation);
  options.listing = readListing(json);
  options.clips = readClipOptions(json, clips);
  const Layout layout = readLayout(json, Layout());
  options.longTagNames = layout.longTagNames;
  for (JsonReader& recording : json.objects("recordings")) {
    config.recordings.push_back(readRecording(recording, layout));
  }
  json.finish();
  // Recordings of a layout that they inherit must not share a place in the
  // cache.
  for (RecordingConfig& recording : config.recordings) {
    recording.text += json.toText();
  }
  return config;
}

void readServer(JsonReader& json, ServerOptions& server) {
  server.address = json.text("listen", server.address);
  server.port = static_cast<int>(json.integer("port", server.port, 0, 65535));
  server.tlsCertificate = json.text("tls-cert", server.tlsCertificate);
  server.tlsKey = json.text("tls-key", server.tlsKey);
}

}  // namespace

Result<Config> readConfigFile(const std::string& path, Config config) {
  auto root = loadJsonObject(path);
  if (!root) {
    return failure(path + ": " + root.error());
  }
  std::string error;
  JsonReader json(json_node_get_object(root->get()), path, error);
  readServer(json, config.server);
  config.region = json.text("region", config.region);
  config.account = json.text("account", config.account);
  config.flatEndpoints = json.flag("flat-endpoints", config.flatEndpoints);
  config.manifestPath = json.text("manifest", config.manifestPath);
  config.requestLogPath = json.text("request-log", config.requestLogPath);
  config.cacheDir = json.text("cache-dir", config.cacheDir);
  config.keys = readKeySets(json);
  config.clockOffsetMs = json.offsetMs("clock-offset");
  config.quotas = readQuotaLimits(json);
  config.maxSessionSeconds = readMaxSessionSeconds(json);
  const ClipOptions clips = readClipOptions(json, ClipOptions());
  for (JsonReader& stream : json.objects("streams")) {
    config.streams.push_back(readStream(stream, clips));
  }
  config.faults = FaultList::read(json);
  json.finish();
  if (!error.empty()) {
    return failure(error);
  }
  return config;
}

Result<Config> addStream(const std::string& text, Config config) {
  auto root = parseJsonObject(text);
  if (!root) {
    return failure(root.error());
  }
  std::string error;
  JsonReader json(json_node_get_object(root->get()), "stream", error);
  config.streams.push_back(readStream(json, ClipOptions()));
  if (!error.empty()) {
    return failure(error);
  }
  return config;
}

}  // namespace kvsemulator
