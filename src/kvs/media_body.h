// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/bytes.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/transport.h"

namespace kvsarchive::kvs {

/// The media that answers one request. GetMediaForFragmentList: one Matroska document per fragment,
/// in the order asked for as a rule; GetClip: one MP4 file. Used by one thread at a time.
class MediaBody {
 public:
  /// `request` names operation, stream, HTTP status and request id for later errors.
  MediaBody(std::unique_ptr<http::Exchange> exchange, Error request, std::optional<uint64_t> length)
      : exchange_(std::move(exchange)), request_(std::move(request)), length_(length) {}

  /// Bytes of the whole body, if the answer says so.
  std::optional<uint64_t> length() const { return length_; }

  /// The next bytes; empty ones mean the end. Blocks, is cancelled and fails as
  /// http::Exchange::read.
  Result<Bytes> read(const CancelToken& cancel);

  /// Whether read() would not wait now.
  bool hasBytes() { return exchange_->hasBytes(); }
  // As http::Exchange.
  size_t waitingBytes() const { return exchange_->waitingBytes(); }
  void allow(size_t bytes) { exchange_->allow(bytes); }

  /// Completes an error found in the media with what names the request.
  Error annotate(Error error) const;

 private:
  std::unique_ptr<http::Exchange> exchange_;
  Error request_;
  std::optional<uint64_t> length_;
};

}  // namespace kvsarchive::kvs
