// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unix_time.h"

namespace kvsarchive::matroska {

struct Tag {
  std::string name;
  std::string value;
};

/// What the service wrote about a fragment, and the producer's own tags, from the Tags elements of
/// one chunk. All texts are valid UTF-8 without NUL; the service's are one line of some 500 bytes.
/// Source:
/// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetMediaForFragmentList.html
struct ChunkTags {
  std::string fragmentNumber;  ///< empty if the service named none
  std::optional<UnixTime> producerTimestamp;
  std::optional<UnixTime> serverTimestamp;
  std::string errorCode;     ///< "FRAGMENT_NOT_FOUND" or "" ; set by an in-band error
  std::string errorId;       ///< decimal, "3000"; set by an in-band error
  std::string errorMessage;  ///< set by an in-band error of the documented family
  std::vector<Tag> producer;
  uint64_t droppedTags = 0;  ///< of the producer, left out because there were too many

  static constexpr size_t kMaxProducerTags = 256;  ///< the service takes 10
  static constexpr size_t kMaxProducerBytes = size_t{1} << 20;

  bool hasError() const { return !errorCode.empty() || !errorId.empty() || !errorMessage.empty(); }
};

/// Adds the content of one Tags element. The service writes two families of names, the one its
/// page documents and the one seen on the wire; both are read. The last of equal names counts,
/// whatever its target, as in AWS's parser library; values may be TagString or TagBinary. Errors:
/// kDecode.
Status addTags(std::string_view tagsPayload, ChunkTags* tags);

}  // namespace kvsarchive::matroska
