// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/chunk_reader.h"

#include <charconv>

#include "base/digest.h"
#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"
#include "matroska/track_reader.h"

namespace kvsemulator {
namespace {

bool endsCluster(uint32_t id) {
  return id == ebml::kEbml || id == ebml::kSegment || id == ebml::kCluster || id == ebml::kTags ||
         id == ebml::kCues || id == ebml::kInfo || id == ebml::kTracks || id == ebml::kSeekHead ||
         id == ebml::kChapters || id == ebml::kAttachments;
}

/// Decimal seconds with up to 3 decimals, without the rounding of floating
/// point.
std::optional<int64_t> parseSeconds(const std::string& text) {
  const size_t dot = text.find('.');
  std::string digits = text.substr(0, dot);
  std::string decimals = dot == std::string::npos ? "" : text.substr(dot + 1);
  decimals.resize(3, '0');
  digits += decimals;
  int64_t ms = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ms);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return ms;
}

class Parser {
 public:
  Parser(std::string_view data, bool hashFrames) : data_(data), hashFrames_(hashFrames) {}

  bool run() {
    const auto header = readElement(data_, 0);
    if (!header || header->id != ebml::kEbml) {
      return false;
    }
    const auto segment = readElementHead(data_, header->end());
    if (!segment || segment->id != ebml::kSegment) {
      return false;
    }
    size_t offset = segment->content;
    while (offset < data_.size()) {
      const auto element = readElement(data_, offset);
      if (!element) {
        return false;
      }
      if (element->id == ebml::kEbml) {
        break;
      }
      offset = levelOne(*element);
      if (offset == 0) {
        return false;
      }
    }
    chunk_.length = offset;
    return true;
  }

  ParsedChunk take() { return std::move(chunk_); }

 private:
  /// Returns the offset behind the element, 0 on damage.
  size_t levelOne(const EbmlElement& element) {
    if (element.id == ebml::kCluster) {
      return cluster(element);
    }
    if (!element.size) {
      return 0;
    }
    const std::string_view content = element.in(data_);
    bool good = true;
    if (element.id == ebml::kInfo) {
      good = forEachChild(content, [this](const EbmlElement& child, std::string_view value) {
        if (child.id == ebml::kTimecodeScale) {
          scale_ = static_cast<int64_t>(readNumber(value));
        }
      });
    } else if (element.id == ebml::kTracks) {
      good = forEachChild(content, [this](const EbmlElement& child, std::string_view value) {
        if (child.id == ebml::kTrackEntry) {
          auto [number, track] = readTrackEntry(value);
          chunk_.tracks[number] = std::move(track);
        }
      });
    } else if (element.id == ebml::kTags) {
      good = tags(content);
    }
    return good ? element.end() : 0;
  }

  bool tags(std::string_view content) {
    return forEachChild(content, [this](const EbmlElement&, std::string_view tag) {
      forEachChild(tag, [this](const EbmlElement& child, std::string_view simple) {
        if (child.id != ebml::kSimpleTag) {
          return;
        }
        Tag entry;
        forEachChild(simple, [&](const EbmlElement& part, std::string_view value) {
          if (part.id == ebml::kTagName) {
            entry.name = readText(value);
          } else if (part.id == ebml::kTagString || part.id == ebml::kTagBinary) {
            entry.value = readText(value);
          }
        });
        chunk_.tags.push_back(std::move(entry));
      });
    });
  }

  size_t cluster(const EbmlElement& element) {
    const size_t limit = element.size ? element.end() : data_.size();
    const size_t firstFrame = chunk_.frames.size();
    int64_t timecode = 0;
    size_t offset = element.content;
    while (offset < limit) {
      const auto child = readElement(data_, offset);
      if (!child) {
        return 0;
      }
      if (!element.size && endsCluster(child->id)) {
        break;
      }
      if (!child->size) {
        return 0;
      }
      if (child->id == ebml::kTimecode) {
        timecode = static_cast<int64_t>(readNumber(child->in(data_)));
      } else if (child->id == ebml::kSimpleBlock) {
        const std::string_view block = child->in(data_);
        frame(block, block.size() > 3 && (block[3] & 0x80) != 0);
      } else if (child->id == ebml::kBlockGroup) {
        blockGroup(child->in(data_));
      }
      offset = child->end();
    }
    if (chunk_.clusters++ == 0) {
      firstTimecode_ = timecode;
    }
    for (size_t i = firstFrame; i < chunk_.frames.size(); ++i) {
      chunk_.frames[i].offsetNs += (timecode - firstTimecode_) * scale_;
    }
    return offset;
  }

  void blockGroup(std::string_view content) {
    std::string_view block;
    bool key = true;
    forEachChild(content, [&](const EbmlElement& child, std::string_view value) {
      if (child.id == ebml::kBlock) {
        block = value;
      } else if (child.id == ebml::kReferenceBlock) {
        key = false;
      }
    });
    frame(block, key);
  }

  /// One block is listed as one frame: the SDKs of the service's producers
  /// write no lacing.
  void frame(std::string_view block, bool key) {
    const size_t trackLength = !block.empty() && (block[0] & 0x80) != 0 ? 1 : 2;
    if (block.size() < trackLength + 3) {
      return;
    }
    FrameInfo info;
    info.track = static_cast<int>(readNumber(block.substr(0, trackLength))) &
                 (trackLength == 1 ? 0x7F : 0x3FFF);
    info.offsetNs = static_cast<int16_t>(readNumber(block.substr(trackLength, 2))) * scale_;
    info.key = key;
    const auto track = chunk_.tracks.find(info.track);
    info.type = track == chunk_.tracks.end() ? TrackType::kOther : track->second.type;
    const std::string_view payload = block.substr(trackLength + 3);
    info.size = payload.size();
    if (hashFrames_) {
      info.sha256 = sha256Hex(payload);
    }
    chunk_.frames.push_back(std::move(info));
    chunk_.payloads.push_back(payload);
  }

  const std::string_view data_;
  const bool hashFrames_;
  ParsedChunk chunk_;
  int64_t scale_ = 1'000'000;
  int64_t firstTimecode_ = 0;
};

}  // namespace

std::optional<std::string> ParsedChunk::tag(std::string_view name) const {
  for (const Tag& entry : tags) {
    if (entry.name == name) {
      return entry.value;
    }
  }
  return std::nullopt;
}

std::optional<int64_t> ParsedChunk::timestampMs(const std::string& name) const {
  for (const char* side : {"_TIMESTAMP", "_SIDE_TIMESTAMP"}) {
    if (const auto text = tag("AWS_KINESISVIDEO_" + name + side)) {
      return parseSeconds(*text);
    }
  }
  return std::nullopt;
}

std::optional<ParsedChunk> readChunk(std::string_view data, bool hashFrames) {
  Parser parser(data, hashFrames);
  if (!parser.run()) {
    return std::nullopt;
  }
  return parser.take();
}

}  // namespace kvsemulator
