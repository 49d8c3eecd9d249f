// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/archive_builder.h"

#include <filesystem>

#include "archive/bulk_recording.h"
#include "archive/publish.h"
#include "archive/raw_loader.h"
#include "base/random.h"
#include "config/media_cache.h"
#include "media/file_cutter.h"
#include "media/generator.h"

namespace kvsemulator {
namespace {

using Stored = std::vector<StoredFragment>;
using LoadedRecording = Result<std::unique_ptr<Recording>>;

LoadedRecording toRecording(Result<Stored> stored) {
  if (!stored) {
    return failure(stored.error());
  }
  return std::unique_ptr<Recording>(std::make_unique<StoredRecording>(std::move(*stored)));
}

Result<Stored> ingest(Result<std::vector<MediaFragment>> media, const Layout& layout,
                      NumberSequence& numbers) {
  if (!media) {
    return failure(media.error());
  }
  return publish(std::move(*media), layout, numbers);
}

/// What cached media depends on beside the configuration's text.
std::string fileState(const std::string& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  const auto changed = std::filesystem::last_write_time(path, ignored);
  return std::to_string(size) + " " + std::to_string(changed.time_since_epoch().count());
}

struct Loader {
  const RecordingConfig& config;
  const std::string& stream;
  const MediaCache& cache;
  NumberSequence& numbers;

  LoadedRecording operator()(const GeneratedOptions& options) const {
    return cached(options.startMs, "", [&] { return generateMedia(options, config.layout); });
  }
  LoadedRecording operator()(const FileOptions& options) const {
    return cached(options.startMs, fileState(options.path),
                  [&] { return cutFile(options, config.layout); });
  }
  LoadedRecording operator()(const RawOptions& options) const {
    return toRecording(loadRawChunks(options.path));
  }
  LoadedRecording operator()(const BulkOptions& options) const {
    return std::unique_ptr<Recording>(
        std::make_unique<BulkRecording>(options, config.layout, numbers));
  }

  template <typename Make>
  LoadedRecording cached(int64_t startMs, const std::string& state, Make make) const {
    const auto ingested = [&] { return ingest(make(), config.layout, numbers); };
    if (config.text.find("\"now") != std::string::npos) {
      return toRecording(ingested());  // another time at each start
    }
    const std::string key = std::string(KVS_EMULATOR_VERSION) + "\n" + stream + "\n" +
                            std::to_string(numbers.counter()) + "\n" + config.text + "\n" +
                            std::to_string(startMs) + "\n" + state;
    return toRecording(cache.get(key, numbers, ingested));
  }
};

std::string arnOf(const Config& config, const StreamOptions& stream) {
  return "arn:aws:kinesisvideo:" + (config.region.empty() ? "us-east-1" : config.region) + ":" +
         config.account + ":stream/" + stream.name + "/" + std::to_string(stream.creationMs);
}

}  // namespace

Result<std::unique_ptr<Archive>> buildArchive(const Config& config) {
  auto archive = std::make_unique<Archive>();
  const MediaCache cache(config.cacheDir);
  for (const StreamConfig& streamConfig : config.streams) {
    StreamOptions options = streamConfig.options;
    options.arn = arnOf(config, options);
    if (archive->byName(options.name)) {
      return failure("there are two streams named " + options.name);
    }
    NumberSequence numbers(hashText(options.name));
    auto stream = std::make_unique<Stream>(std::move(options));
    for (const RecordingConfig& recordingConfig : streamConfig.recordings) {
      auto recording =
          std::visit(Loader{recordingConfig, streamConfig.options.name, cache, numbers},
                     recordingConfig.options);
      if (!recording) {
        return failure("stream " + streamConfig.options.name + ": " + recording.error());
      }
      stream->add(std::move(*recording), recordingConfig.live);
      numbers.newSession();
    }
    archive->add(std::move(stream));
  }
  return archive;
}

}  // namespace kvsemulator
