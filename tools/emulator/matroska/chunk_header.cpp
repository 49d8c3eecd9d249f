// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_header.h"

#include <cstdio>

#include "base/random.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"

namespace kvsemulator {
namespace {

constexpr int kSizeLength = 4;          // of the service's own elements
constexpr int kProducerSizeLength = 8;  // of tags, as the KVS producer SDKs write them
constexpr size_t kPaddedLength = 32;
constexpr const char* kAppName = "Kinesis Video SDK";

uint32_t crc32(std::string_view data) {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : data) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320 : 0);
    }
  }
  return ~crc;
}

/// The content, behind its checksum if the layout has such.
std::string checked(std::string content, const Layout& layout) {
  if (!layout.crc32) {
    return content;
  }
  const uint32_t crc = crc32(content);
  std::string result;
  EbmlWriter(result).element(
      ebml::kCrc32, std::string{static_cast<char>(crc), static_cast<char>(crc >> 8),
                                static_cast<char>(crc >> 16), static_cast<char>(crc >> 24)});
  return result + content;
}

std::string padded(std::string text, const Layout& layout) {
  if (layout.nulPadding && text.size() < kPaddedLength) {
    text.resize(kPaddedLength, '\0');
  }
  return text;
}

std::string ebmlHeader(const Layout& layout) {
  std::string content;
  EbmlWriter out(content);
  out.number(ebml::kEbmlVersion, 1);
  out.number(ebml::kEbmlReadVersion, 1);
  out.number(ebml::kEbmlMaxIdLength, 4);
  out.number(ebml::kEbmlMaxSizeLength, 8);
  out.element(ebml::kDocType,
              layout.nulPadding ? std::string_view("matroska\0", 9) : std::string_view("matroska"));
  out.number(ebml::kDocTypeVersion, 2);
  out.number(ebml::kDocTypeReadVersion, 2);
  return content;
}

/// Positions in the file that the producer once read: of no use here, a trap
/// for the trusting.
std::string staleSeekHead() {
  std::string content;
  EbmlWriter out(content);
  for (const uint32_t id : {ebml::kInfo, ebml::kTracks, ebml::kCues}) {
    std::string name;
    EbmlWriter(name).id(id);
    std::string seek;
    EbmlWriter entry(seek);
    entry.element(ebml::kSeekId, name);
    entry.number64(ebml::kSeekPosition, 2497581 + id % 1000);
    out.element(ebml::kSeek, seek);
  }
  return content;
}

std::string info(const Layout& layout) {
  std::string content;
  EbmlWriter out(content);
  out.element(ebml::kSegmentUid, "kvs-emulator-uid");
  out.number(ebml::kTimecodeScale, static_cast<uint64_t>(layout.timecodeScale));
  if (layout.seekHead) {
    out.real(ebml::kDuration, 4242.0);
  }
  out.element(ebml::kTitle, padded(kAppName, layout));
  out.element(ebml::kMuxingApp, kAppName);
  out.element(ebml::kWritingApp, kAppName);
  return content;
}

std::string trackDetails(const Track& track) {
  std::string content;
  EbmlWriter out(content);
  if (track.type == TrackType::kVideo) {
    out.number(ebml::kPixelWidth, static_cast<uint64_t>(track.width));
    out.number(ebml::kPixelHeight, static_cast<uint64_t>(track.height));
    return content;
  }
  out.real(ebml::kSamplingFrequency, track.sampleRate);
  out.number(ebml::kChannels, static_cast<uint64_t>(track.channels));
  if (track.bitDepth > 0) {
    out.number(ebml::kBitDepth, static_cast<uint64_t>(track.bitDepth));
  }
  return content;
}

std::string trackEntry(const Track& track, size_t number, const Layout& layout) {
  std::string content;
  EbmlWriter out(content);
  out.number(ebml::kTrackNumber, number);
  out.number64(ebml::kTrackUid, hashText(track.codecId, number) >> 1);
  out.number(ebml::kTrackType, static_cast<uint64_t>(track.type));
  if (!track.name.empty()) {
    out.element(ebml::kTrackName, padded(track.name, layout));
  }
  out.element(ebml::kCodecId, padded(track.codecId, layout));
  if (track.defaultDurationNs > 0) {
    out.number(ebml::kDefaultDuration, static_cast<uint64_t>(track.defaultDurationNs));
  }
  if (!track.codecPrivate.empty()) {
    out.element(ebml::kCodecPrivate, track.codecPrivate);
  }
  const bool isVideo = track.type == TrackType::kVideo;
  out.element(isVideo ? ebml::kVideo : ebml::kAudio, trackDetails(track));
  return content;
}

std::string tracks(const std::vector<Track>& list, const Layout& layout) {
  std::string content;
  EbmlWriter out(content);
  for (size_t i = 0; i < list.size(); ++i) {
    out.element(ebml::kTrackEntry, trackEntry(list[i], i + 1, layout), kSizeLength);
  }
  return content;
}

std::string simpleTag(const Tag& tag, int sizeLength) {
  std::string content;
  EbmlWriter out(content);
  out.element(ebml::kTagName, tag.name, sizeLength);
  out.element(ebml::kTagString, tag.value, sizeLength);
  std::string element;
  EbmlWriter(element).element(ebml::kSimpleTag, content, sizeLength);
  return element;
}

std::string tagsElement(const std::vector<Tag>& tags, int sizeLength) {
  std::string content;
  for (const Tag& tag : tags) {
    content += simpleTag(tag, sizeLength);
  }
  std::string tagElement;
  EbmlWriter(tagElement).element(ebml::kTag, content, sizeLength);
  std::string element;
  EbmlWriter(element).element(ebml::kTags, tagElement, sizeLength);
  return element;
}

std::string secondsText(int64_t ms) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(ms / 1000),
                static_cast<int>(ms % 1000));
  return text;
}

std::string serviceTags(const ChunkSource& source, const Layout& layout) {
  const std::string prefix = "AWS_KINESISVIDEO_";
  const std::string side = layout.longTagNames ? "_SIDE" : "";
  return tagsElement({{prefix + "FRAGMENT_NUMBER", source.number},
                      {prefix + "SERVER" + side + "_TIMESTAMP", secondsText(source.serverMs)},
                      {prefix + "PRODUCER" + side + "_TIMESTAMP", secondsText(source.producerMs)}},
                     kSizeLength);
}

}  // namespace

std::string writeChunkHeader(const ChunkSource& source, const Layout& layout) {
  std::string header;
  EbmlWriter out(header);
  out.element(ebml::kEbml, ebmlHeader(layout), kSizeLength);
  out.id(ebml::kSegment);
  out.unknownSize(8);
  for (const Tag& tag : source.tagsBeforeInfo) {
    header += writeProducerTag(tag);
  }
  if (layout.seekHead) {
    out.element(ebml::kSeekHead, staleSeekHead(), kSizeLength);
  }
  if (layout.voidElements) {
    out.element(ebml::kVoid, std::string(100, '\0'), kProducerSizeLength);
  }
  out.element(ebml::kInfo, checked(info(layout), layout), kSizeLength);
  out.element(ebml::kTracks, checked(tracks(source.tracks, layout), layout), kSizeLength);
  header += serviceTags(source, layout);
  return header;
}

std::string writeProducerTag(const Tag& tag) { return tagsElement({tag}, kProducerSizeLength); }

std::string writeErrorChunk(const std::string& number, const std::string& code, int id,
                            bool longTagNames) {
  std::string content;
  EbmlWriter header(content);
  header.element(ebml::kDocType, "matroska");
  header.number(ebml::kDocTypeVersion, 2);
  header.number(ebml::kDocTypeReadVersion, 2);
  std::string chunk;
  EbmlWriter out(chunk);
  out.element(ebml::kEbml, content, kSizeLength);
  out.id(ebml::kSegment);
  out.unknownSize(8);
  const std::string prefix = "AWS_KINESISVIDEO_";
  const std::string idText = std::to_string(id);
  if (longTagNames) {
    chunk += tagsElement({{prefix + "FRAGMENT_NUMBER", number},
                          {prefix + "EXCEPTION_ERROR_CODE", idText},
                          {prefix + "EXCEPTION_MESSAGE", code}},
                         kSizeLength);
  } else {
    chunk += tagsElement({{prefix + "ERROR_CODE", code},
                          {prefix + "ERROR_ID", idText},
                          {prefix + "FRAGMENT_NUMBER", number}},
                         kSizeLength);
  }
  return chunk;
}

}  // namespace kvsemulator
