// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/splicer.h"

#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"
#include "matroska/ebml_writer.h"
#include "matroska/time_scale.h"

namespace kvsarchive::matroska {
namespace {

constexpr std::string_view kApplication = "gst-kvs-archive";

bool fitsBlockTime(std::chrono::milliseconds offset) {
  return offset.count() >= INT16_MIN && offset.count() <= INT16_MAX;
}

/// EBML header, and the beginning of the Segment.
EbmlWriter beginDocument() {
  EbmlWriter ebml;
  ebml.writeUnsigned(ids::kEbmlVersion, 1);
  ebml.writeUnsigned(ids::kEbmlReadVersion, 1);
  ebml.writeUnsigned(ids::kEbmlMaxIdLength, 4);
  ebml.writeUnsigned(ids::kEbmlMaxSizeLength, 8);
  ebml.writeBinary(ids::kDocType, "matroska");
  ebml.writeUnsigned(ids::kDocTypeVersion, 4);
  ebml.writeUnsigned(ids::kDocTypeReadVersion, 2);
  EbmlWriter out;
  out.writeBinary(ids::kEbml, ebml.bytes());
  out.openUnknownSize(ids::kSegment);
  return out;
}

}  // namespace

Splicer::Splicer(const ChunkHeader& first, const FragmentTime& firstTime,
                 OnTrackChange onTrackChange)
    : tracks_(first.tracks),
      timeline_(firstTime.time + firstTime.earliest),
      onTrackChange_(onTrackChange) {}

std::string Splicer::documentHeader() const {
  EbmlWriter out = beginDocument();
  out.writeRaw(infoAndTracks(std::nullopt));
  return out.take();
}

std::string Splicer::documentHeader(std::chrono::milliseconds duration,
                                    const std::vector<CuePoint>& cues) const {
  EbmlWriter out = beginDocument();
  const uint64_t segmentStart = out.bytes().size();
  out.writeRaw(infoAndTracks(duration));
  out.writeRaw(writeCues(cues, unusedTrackNumber(tracks_.tracks()), segmentStart));
  return out.take();
}

std::string Splicer::infoAndTracks(std::optional<std::chrono::milliseconds> duration) const {
  EbmlWriter info;
  info.writeUnsigned(ids::kTimecodeScale, kNanosPerMilli);
  if (duration) {
    info.writeFloat(ids::kDuration, static_cast<double>(duration->count()));
  }
  info.writeBinary(ids::kMuxingApp, kApplication);
  info.writeBinary(ids::kWritingApp, kApplication);
  EbmlWriter out;
  out.writeBinary(ids::kInfo, info.bytes());
  out.writeRaw(writeTracks(tracks_.tracks()));
  return out.take();
}

void Splicer::jump() {
  timeline_.jump();
  tracksChanged_ = true;
  clusterTime_.reset();
}

Result<FragmentSplice> Splicer::beginFragment(const ChunkHeader& chunk, const FragmentTime& time) {
  FragmentSplice splice;
  match_ = tracks_.match(chunk.tracks);
  splice.difference = match_.difference;
  if (!match_.surplus.empty()) {
    if (onTrackChange_ == OnTrackChange::kError) {
      return makeError(ErrorKind::kTrackChange, match_.difference);
    }
    splice.skip = onTrackChange_ == OnTrackChange::kDropFragments || match_.tracks.empty();
  }
  if (splice.skip) {
    return splice;
  }
  if (tracks_.update(chunk.tracks, match_)) {
    Status fits = checkWritable(tracks_.tracks());
    if (!fits) {
      return fits.error();
    }
    tracksChanged_ = true;  // until a block has carried the new Tracks out
  }
  const Timeline::Start start = timeline_.beginFragment(time.time, time.earliest, time.length);
  splice.shift = start.shift;
  splice.discont = start.discont;
  fragmentTime_ = time.time;
  maxOffset_ = kMaxBlockOffset + time.length;
  timecodeScale_ = chunk.timecodeScale;
  clusterTime_.reset();
  return splice;
}

Result<std::optional<SplicedBlock>> Splicer::splice(ChunkBlock&& chunkBlock) {
  const size_t index = match_.indexOf(chunkBlock.block.track);
  if (index == TrackMap::Match::npos) {
    return std::optional<SplicedBlock>();
  }
  const auto offset = toMillisRounded(chunkBlock.ticks, timecodeScale_);
  if (!offset || *offset > maxOffset_ || *offset < -maxOffset_) {
    return makeError(ErrorKind::kDecode,
                     "The media has a block more than a minute away from its fragment");
  }
  SplicedBlock spliced;
  spliced.time = fragmentTime_ + *offset;
  if (toMillis(spliced.time) > kMaxUnixMillis) {
    return makeError(ErrorKind::kDecode, "The media has a block time out of range");
  }
  spliced.pts = timeline_.place(spliced.time);
  if (spliced.pts.count() < 0) {
    return makeError(ErrorKind::kDecode, "The media has a block before the start of the document");
  }
  if (spliced.pts.count() > kMaxUnixMillis) {
    return makeError(ErrorKind::kDecode, "The media has a block time out of range");
  }
  if (!clusterTime_ || !fitsBlockTime(spliced.pts - *clusterTime_)) {
    spliced.prefix = clusterPrefix(spliced.pts);
  }
  const Track& track = tracks_.tracks()[index];
  const auto relative = static_cast<int16_t>((spliced.pts - *clusterTime_).count());
  rewriteBlock(&chunkBlock.block, track.number, relative, timecodeScale_);
  if (chunkBlock.block.bytes() > kMaxElementBytes) {  // it grew with its track number
    return makeError(ErrorKind::kDecode, "The media has a block of more than 15 MiB");
  }
  spliced.element = std::move(chunkBlock.block.element);
  spliced.rest = std::move(chunkBlock.block.rest);
  return std::optional<SplicedBlock>(std::move(spliced));
}

Bytes Splicer::clusterPrefix(std::chrono::milliseconds pts) {
  EbmlWriter out;
  if (tracksChanged_) {
    out.writeRaw(writeTracks(tracks_.tracks()));
    tracksChanged_ = false;
  }
  out.openUnknownSize(ids::kCluster);
  out.writeUnsigned(ids::kTimecode, static_cast<uint64_t>(pts.count()));
  clusterTime_ = pts;
  return Bytes::copyOf(out.bytes());
}

}  // namespace kvsarchive::matroska
