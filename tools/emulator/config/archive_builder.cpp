// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/archive_builder.h"

#include "archive/bulk_recording.h"
#include "archive/publish.h"
#include "archive/raw_loader.h"
#include "base/random.h"
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

struct Loader {
  const Layout& layout;
  NumberSequence& numbers;

  LoadedRecording operator()(const GeneratedOptions& options) const {
    return toRecording(ingest(generateMedia(options, layout), layout, numbers));
  }
  LoadedRecording operator()(const FileOptions& options) const {
    return failure(options.path + ": not supported yet");
  }
  LoadedRecording operator()(const RawOptions& options) const {
    return toRecording(loadRawChunks(options.path));
  }
  LoadedRecording operator()(const BulkOptions& options) const {
    return std::unique_ptr<Recording>(std::make_unique<BulkRecording>(options, layout, numbers));
  }
};

std::string arnOf(const Config& config, const StreamOptions& stream) {
  return "arn:aws:kinesisvideo:" + (config.region.empty() ? "us-east-1" : config.region) + ":" +
         config.account + ":stream/" + stream.name + "/" + std::to_string(stream.creationMs);
}

}  // namespace

Result<std::unique_ptr<Archive>> buildArchive(const Config& config) {
  auto archive = std::make_unique<Archive>();
  for (const StreamConfig& streamConfig : config.streams) {
    StreamOptions options = streamConfig.options;
    options.arn = arnOf(config, options);
    if (archive->byName(options.name)) {
      return failure("there are two streams named " + options.name);
    }
    NumberSequence numbers(hashText(options.name));
    auto stream = std::make_unique<Stream>(std::move(options));
    for (const RecordingConfig& recordingConfig : streamConfig.recordings) {
      auto recording = std::visit(Loader{recordingConfig.layout, numbers}, recordingConfig.options);
      if (!recording) {
        return failure("stream " + streamConfig.options.name + ": " + recording.error());
      }
      stream->add(std::move(*recording));
      numbers.newSession();
    }
    archive->add(std::move(stream));
  }
  return archive;
}

}  // namespace kvsemulator
