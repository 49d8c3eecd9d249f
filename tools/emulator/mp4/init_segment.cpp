// SPDX-License-Identifier: LGPL-2.1-or-later
#include "mp4/init_segment.h"

#include "mp4/box_writer.h"
#include "mp4/sample_entry.h"

namespace kvsemulator {
namespace {

constexpr uint64_t kOne = 0x00010000;       // 16.16
constexpr uint64_t kUndetermined = 0x55C4;  // language

class InitWriter {
 public:
  InitWriter(std::string& out, int trackId, const Track& track)
      : out_(out), trackId_(static_cast<uint64_t>(trackId)), track_(track) {}

  void write() {
    out_.box("ftyp", [&] {
      out_.bytes("iso5");
      out_.number(1, 4);
      out_.bytes("iso5iso6mp41");
    });
    out_.box("moov", [&] {
      movieHeader();
      trackBox();
      out_.box("mvex", [&] {
        out_.fullBox("trex", 0, 0, [&] {
          out_.number(trackId_, 4);
          out_.number(1, 4);  // sample description
          out_.zeros(12);
        });
      });
    });
  }

 private:
  bool isVideo() const { return track_.type == TrackType::kVideo; }

  void matrix() {
    for (const uint64_t value : {kOne, uint64_t{0}, uint64_t{0}, uint64_t{0}, kOne, uint64_t{0},
                                 uint64_t{0}, uint64_t{0}, uint64_t{0x40000000}}) {
      out_.number(value, 4);
    }
  }

  void movieHeader() {
    out_.fullBox("mvhd", 0, 0, [&] {
      out_.zeros(8);  // no dates: the same bytes at each request
      out_.number(kMp4Timescale, 4);
      out_.zeros(4);
      out_.number(kOne, 4);
      out_.number(0x0100, 2);
      out_.zeros(10);
      matrix();
      out_.zeros(24);
      out_.number(trackId_ + 1, 4);
    });
  }

  void trackBox() {
    out_.box("trak", [&] {
      out_.fullBox("tkhd", 0, 3, [&] {
        out_.zeros(8);
        out_.number(trackId_, 4);
        out_.zeros(4 + 4 + 8 + 2 + 2);
        out_.number(isVideo() ? 0 : 0x0100, 2);
        out_.zeros(2);
        matrix();
        out_.number(static_cast<uint64_t>(track_.width) << 16, 4);
        out_.number(static_cast<uint64_t>(track_.height) << 16, 4);
      });
      out_.box("mdia", [&] { media(); });
    });
  }

  void media() {
    out_.fullBox("mdhd", 0, 0, [&] {
      out_.zeros(8);
      out_.number(kMp4Timescale, 4);
      out_.zeros(4);
      out_.number(kUndetermined, 2);
      out_.zeros(2);
    });
    out_.fullBox("hdlr", 0, 0, [&] {
      out_.zeros(4);
      out_.bytes(isVideo() ? "vide" : "soun");
      out_.zeros(12 + 1);
    });
    out_.box("minf", [&] {
      if (isVideo()) {
        out_.fullBox("vmhd", 0, 1, [&] { out_.zeros(8); });
      } else {
        out_.fullBox("smhd", 0, 0, [&] { out_.zeros(4); });
      }
      out_.box("dinf", [&] {
        out_.fullBox("dref", 0, 0, [&] {
          out_.number(1, 4);
          out_.fullBox("url ", 0, 1, [] {});
        });
      });
      out_.box("stbl", [&] { sampleTable(); });
    });
  }

  /// All samples are in media segments.
  void sampleTable() {
    out_.fullBox("stsd", 0, 0, [&] {
      out_.number(1, 4);
      writeSampleEntry(out_, track_);
    });
    for (const char* type : {"stts", "stsc"}) {
      out_.fullBox(type, 0, 0, [&] { out_.zeros(4); });
    }
    out_.fullBox("stsz", 0, 0, [&] { out_.zeros(8); });
    out_.fullBox("stco", 0, 0, [&] { out_.zeros(4); });
  }

  BoxWriter out_;
  const uint64_t trackId_;
  const Track& track_;
};

}  // namespace

std::string writeInitSegment(int trackId, const Track& track) {
  std::string out;
  InitWriter(out, trackId, track).write();
  return out;
}

}  // namespace kvsemulator
