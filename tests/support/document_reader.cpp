// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/document_reader.h"

#include <cstring>

namespace kvsarchive::test {
namespace {

constexpr uint64_t kUnknown = UINT64_MAX;

/// Reads elements one after the other; the first thing that is wrong stays in `problem`.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  size_t left() const { return rest_.size(); }
  bool atEnd() const { return rest_.empty() || !problem.empty(); }

  uint64_t number(size_t length) {
    uint64_t value = 0;
    for (const char byte : bytes(length)) {
      value = value << 8 | static_cast<uint8_t>(byte);
    }
    return value;
  }

  uint32_t id() {
    const size_t length = markerLength();
    return length > 4 ? (fail("id too long"), 0) : static_cast<uint32_t>(number(length));
  }

  uint64_t varint() {
    const size_t length = markerLength();
    const uint64_t value = number(length) & ((uint64_t{1} << (7 * length)) - 1);
    return value == (uint64_t{1} << (7 * length)) - 1 ? kUnknown : value;
  }

  std::string_view bytes(uint64_t count) {
    if (count > rest_.size()) {
      fail("an element of " + std::to_string(count) + " bytes leaves its parent");
      count = rest_.size();
    }
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest() { return bytes(rest_.size()); }

  void fail(const std::string& what) { problem = problem.empty() ? what : problem; }

  std::string problem;

 private:
  size_t markerLength() {
    size_t length = 1;
    while (length <= 8 && !rest_.empty() &&
           (static_cast<uint8_t>(rest_.front()) & (0x100U >> length)) == 0) {
      ++length;
    }
    if (rest_.empty() || length > 8) {
      fail("no element where one should be");
      return 1;
    }
    return length;
  }

  std::string_view rest_;
};

uint64_t toNumber(std::string_view payload) { return Reader(payload).number(payload.size()); }

double toDouble(std::string_view payload) {
  const uint64_t bits = toNumber(payload);
  double value = 0;
  static_assert(sizeof(value) == sizeof(bits));
  std::memcpy(&value, &bits, sizeof(bits));
  return payload.size() == sizeof(bits) ? value : -1;
}

class DocumentParser {
 public:
  explicit DocumentParser(std::string_view bytes) : in_(bytes), size_(bytes.size()) {}

  Document parse() {
    readHeader();
    while (!in_.atEnd()) {
      segmentChild();
    }
    in_.fail(document_.order.compare(0, 2, "IT") == 0 ? "" : "not Info and Tracks first");
    document_.problem = in_.problem;
    return std::move(document_);
  }

 private:
  template <typename Visit>
  void forEach(std::string_view payload, Visit visit) {
    Reader children(payload);
    while (!children.atEnd()) {
      const uint32_t id = children.id();
      visit(id, children.bytes(children.varint()));
    }
    in_.fail(children.problem);
  }

  void readHeader() {
    if (in_.id() != 0x1A45DFA3) {
      in_.fail("no EBML header");
    }
    forEach(in_.bytes(in_.varint()), [this](uint32_t id, std::string_view payload) {
      if (id == 0x4282) {
        document_.docType = payload;
      } else if (id == 0x42F2) {
        document_.maxIdLength = toNumber(payload);
      } else if (id == 0x42F3) {
        document_.maxSizeLength = toNumber(payload);
      }
    });
    if (in_.id() != 0x18538067 || in_.varint() != kUnknown) {
      in_.fail("no Segment of unknown size");
    }
    segmentStart_ = size_ - in_.left();
  }

  void segmentChild() {
    const uint32_t id = in_.id();
    const uint64_t size = in_.varint();
    if (id == 0x1F43B675) {
      openCluster(size);
    } else if (id == 0xA3 || id == 0xA0) {
      block(id, in_.bytes(size));
    } else if (id == 0x1654AE6B) {
      tracks(in_.bytes(size));
    } else if (id == 0x1549A966 && document_.order.empty()) {
      document_.order += 'I';
      forEach(in_.bytes(size), [this](uint32_t child, std::string_view payload) {
        if (child == 0x2AD7B1) {
          document_.timecodeScale = toNumber(payload);
        } else if (child == 0x4489) {
          document_.duration = toDouble(payload);
        }
      });
    } else if (id == 0x1C53BB6B && document_.order == "IT") {
      forEach(in_.bytes(size), [this](uint32_t, std::string_view point) { cue(point); });
    } else {
      in_.fail("unexpected element " + std::to_string(id));
    }
  }

  void cue(std::string_view point) {
    Document::Cue cue;
    forEach(point, [&](uint32_t id, std::string_view payload) {
      if (id == 0xB3) {
        cue.millis = toNumber(payload);
      } else if (id == 0xB7) {
        forEach(payload, [&](uint32_t child, std::string_view number) {
          (child == 0xF7 ? cue.track : cue.offset) = toNumber(number);
        });
      }
    });
    cue.offset += segmentStart_;
    document_.cues.push_back(cue);
  }

  void openCluster(uint64_t size) {
    document_.order += 'C';
    if (size != kUnknown || in_.id() != 0xE7) {
      in_.fail("not a Cluster of unknown size with a leading Timecode");
    }
    document_.clusterTimes.push_back(toNumber(in_.bytes(in_.varint())));
  }

  void tracks(std::string_view payload) {
    document_.order += 'T';
    std::vector<DocumentTrack> tracks;
    forEach(payload, [&](uint32_t id, std::string_view entry) {
      if (id != 0xAE) {
        in_.fail("Tracks with something else than a TrackEntry");
      }
      tracks.push_back(track(entry));
    });
    document_.tracks.push_back(std::move(tracks));
  }

  DocumentTrack track(std::string_view entry) {
    DocumentTrack track;
    forEach(entry, [&](uint32_t id, std::string_view payload) {
      track.children.push_back(id);
      if (id == 0xD7) {
        track.number = toNumber(payload);
      } else if (id == 0x73C5) {
        track.uid = toNumber(payload);
      } else if (id == 0x83) {
        track.type = toNumber(payload);
      } else if (id == 0x86) {
        track.codecId = payload;
      } else if (id == 0x536E) {
        track.name = payload;
      } else if (id == 0x63A2) {
        track.codecPrivate = payload;
      }
    });
    // matroskademux ends the stream for either.
    if (track.number == 0 || track.uid == 0) {
      in_.fail("a track with number or UID 0");
    }
    return track;
  }

  void block(uint32_t id, std::string_view payload) {
    if (document_.order.empty() || document_.order.back() != 'C') {
      in_.fail("a block outside of a Cluster");
      return;
    }
    DocumentBlock block;
    block.simple = id == 0xA3;
    if (block.simple) {
      blockBytes(payload, &block);
      block.key = (block.flags & 0x80) != 0;
    } else {
      block.key = true;
      size_t found = 0;
      forEach(payload, [&](uint32_t child, std::string_view bytes) {
        if (child == 0xA1) {
          ++found;
          blockBytes(bytes, &block);
        } else if (child == 0xFB) {
          block.key = false;
        } else if (child == 0x9B) {
          block.duration = toNumber(bytes);
        }
      });
      in_.fail(found == 1 ? "" : "not one Block in a BlockGroup");
    }
    block.cluster = document_.clusterTimes.size() - 1;
    block.tracks = document_.tracks.size() - 1;
    checkTrack(block);
    document_.blocks.push_back(std::move(block));
  }

  void blockBytes(std::string_view bytes, DocumentBlock* block) {
    Reader reader(bytes);
    block->track = reader.varint();
    const auto offset = static_cast<int16_t>(reader.number(2));
    block->flags = static_cast<uint8_t>(reader.number(1));
    block->payload = reader.rest();
    block->millis = static_cast<int64_t>(document_.clusterTimes.back()) + offset;
    in_.fail(reader.problem);
    in_.fail(block->millis < 0 ? "a block before 0" : "");
  }

  void checkTrack(const DocumentBlock& block) {
    for (const DocumentTrack& track : document_.tracks.back()) {
      if (track.number == block.track) {
        return;
      }
    }
    in_.fail("a block of track " + std::to_string(block.track) + ", which is not listed");
  }

  Reader in_;
  size_t size_;
  size_t segmentStart_ = 0;
  Document document_;
};

}  // namespace

std::string Document::times() const {
  std::string text;
  for (const DocumentBlock& block : blocks) {
    text += (text.empty() ? "" : " ") + std::to_string(block.millis) + ":" +
            std::to_string(block.track);
  }
  return text;
}

Document readDocument(std::string_view bytes) { return DocumentParser(bytes).parse(); }

}  // namespace kvsarchive::test
