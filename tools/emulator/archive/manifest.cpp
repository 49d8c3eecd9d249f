// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/manifest.h"

#include "base/json_writer.h"

namespace kvsemulator {
namespace {

const char* typeName(TrackType type) {
  switch (type) {
    case TrackType::kVideo:
      return "video";
    case TrackType::kAudio:
      return "audio";
    case TrackType::kOther:
      break;
  }
  return "other";
}

int64_t roundToMs(int64_t ns) { return (ns >= 0 ? ns + 500'000 : ns - 500'000) / 1'000'000; }

void writeTracks(JsonWriter& json, const std::map<int, Track>& tracks) {
  json.key("tracks").beginArray();
  for (const auto& [number, track] : tracks) {
    json.beginObject();
    json.key("number").integer(number);
    json.key("type").text(typeName(track.type));
    json.key("codecId").text(track.codecId);
    json.key("name").text(track.name);
    json.endObject();
  }
  json.endArray();
}

void writeFragment(JsonWriter& json, const Stream::Entry& entry) {
  const FragmentInfo& info = entry.info();
  json.newline().beginObject();
  json.key("number").text(info.number);
  json.key("producerTimestampMs").integer(info.producerMs);
  json.key("serverTimestampMs").integer(info.serverMs);
  json.key("lengthMs").integer(info.lengthMs);
  json.key("sizeBytes").integer(static_cast<int64_t>(info.sizeBytes));
  json.key("discont").boolean(info.discont);
  json.key("tags").beginObject();
  for (const Tag& tag : info.tags) {
    json.key(tag.name).text(tag.value);
  }
  json.endObject();
  writeTracks(json, entry.recording->tracks(entry.index));
  json.endObject();
}

void writeFrames(JsonWriter& json, const Stream::Entry& entry) {
  const FragmentInfo& info = entry.info();
  for (const FrameInfo& frame : entry.recording->frames(entry.index)) {
    json.newline().beginObject();
    json.key("fragment").text(info.number);
    json.key("track").integer(frame.track);
    json.key("trackType").text(typeName(frame.type));
    json.key("timeMs").integer(info.producerMs + roundToMs(frame.offsetNs));
    json.key("serverTimeMs").integer(info.serverMs + roundToMs(frame.offsetNs));
    json.key("offsetNs").integer(frame.offsetNs);
    json.key("key").boolean(frame.key);
    json.key("size").integer(static_cast<int64_t>(frame.size));
    json.key("sha256").text(frame.sha256);
    json.endObject();
  }
}

void writeStream(JsonWriter& json, const Stream& stream, ManifestFrames frames) {
  json.beginObject();
  json.key("stream").text(stream.options().name);
  json.key("arn").text(stream.options().arn);
  json.key("fragments").beginArray();
  for (const Stream::Entry& entry : stream.entries()) {
    writeFragment(json, entry);
  }
  json.newline().endArray();
  json.key("frames").beginArray();
  for (const Stream::Entry& entry : stream.entries()) {
    if (frames == ManifestFrames::kAll ||
        (frames == ManifestFrames::kUsual && entry.recording->listsFrames())) {
      writeFrames(json, entry);
    }
  }
  json.newline().endArray();
  json.endObject();
}

}  // namespace

std::string streamManifest(const Stream& stream, ManifestFrames frames) {
  JsonWriter json;
  writeStream(json, stream, frames);
  return json.take();
}

std::string archiveManifest(const Archive& archive, ManifestFrames frames) {
  JsonWriter json;
  json.beginObject().key("streams").beginArray();
  for (const auto& stream : archive.streams()) {
    writeStream(json, *stream, frames);
  }
  json.endArray().endObject();
  return json.take();
}

}  // namespace kvsemulator
