// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "archive/pending_fragments.h"
#include "archive/size_check.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "kvs/media_body.h"
#include "matroska/chunk_parser.h"

namespace kvsarchive::archive {

/// One answer to GetMediaForFragmentList while it is received: parses it and puts its blocks to the
/// fragments they belong to. Of a fragment whose first blocks are there already only what follows
/// them is taken.
class MediaAnswer {
 public:
  /// Asked for: `asked`, numbers of open fragments in `pending`, and nothing else is taken.
  MediaAnswer(std::unique_ptr<kvs::MediaBody> body, const std::vector<std::string>& asked,
              PendingFragments& pending, SizeCheck& sizes);

  /// Receives the next piece. False once the answer came to its proper end.
  /// What is wrong with single fragments is told by their `outcome`. Errors: the transport's;
  /// kRead for what concerns all of the answer; kDecode for media that can't be parsed.
  Result<bool> receive(const CancelToken& cancel);

  /// Whether receive() would not wait now.
  bool hasBytes() { return body_->hasBytes(); }
  /// As http::Exchange.
  void allow(size_t bytes) { body_->allow(bytes); }

  /// Whether anything new came since the last call.
  bool takeProgress() { return std::exchange(progress_, false); }
  bool askedFor(const std::string& number) const { return asked_.count(number) > 0; }
  /// More than kMaxHeldBytes came in another order than asked for.
  bool overflowed() const { return overflowed_; }
  /// It can't be told which fragment is to blame while several are asked for.
  bool nameless() const { return nameless_; }
  /// There was a chunk of a fragment behind this one, which was asked for too.
  bool passedOver(const std::string& number) const { return asked_.at(number) < furthest_; }
  /// The fragment that can't be parsed, after kDecode; null if that is not known.
  FragmentMedia* unreadable();
  /// Bytes received that belong to no block yet.
  size_t unparsedBytes() const { return parser_.heldBytes(); }
  /// Bytes that receive() has not taken yet.
  size_t waitingBytes() const { return body_->waitingBytes(); }
  /// Bytes received in the last receive().
  size_t lastBytes() const { return lastBytes_; }

  /// Names the request and the fragment that was being received.
  Error withContext(Error error) const;

 private:
  Status parseReceived();
  Error judge(Error error);
  Status sort(matroska::ChunkEvent&& event);
  Status beginChunk(matroska::ChunkHeader header);
  Status beginNameless(const matroska::ChunkHeader& header);
  Status addBlock(matroska::ChunkBlock&& block);
  Status endChunk(const matroska::ChunkEnd& end);
  Status checkSize(FragmentMedia& media, uint64_t chunkBytes);
  Error annotate(Error error, const FragmentMedia* media) const;

  std::unique_ptr<kvs::MediaBody> body_;
  std::map<std::string, size_t> asked_;  ///< numbers, and their places in the order asked for
  PendingFragments& pending_;
  SizeCheck& sizes_;
  matroska::ChunkParser parser_;
  FragmentMedia* current_ = nullptr;  ///< whose chunk is being received
  matroska::ChunkHeader header_;      ///< of that chunk
  uint64_t position_ = 0;             ///< blocks of that chunk so far
  uint64_t heldBefore_ = 0;           ///< blocks of its fragment before that chunk
  size_t furthest_ = 0;               ///< place of the last one that there was a chunk of
  uint64_t bytes_ = 0;
  uint64_t listedBytes_ = 0;  ///< of all that was asked for
  bool allSizesListed_ = true;
  uint64_t maxBytes_ = 0;  ///< what a sane answer does not exceed
  size_t lastBytes_ = 0;
  bool ended_ = false;
  bool progress_ = false;
  bool overflowed_ = false;
  bool nameless_ = false;
};

}  // namespace kvsarchive::archive
