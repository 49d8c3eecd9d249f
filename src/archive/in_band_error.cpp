// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/in_band_error.h"

namespace kvsarchive::archive {
namespace {

/// Ids 4500 to 4506 are about the key that the stream is encrypted with; 4503 says that the key
/// service is out of reach for now.
bool saysNotAuthorized(const matroska::ChunkTags& tags) {
  return tags.errorId.size() == 4 && tags.errorId.compare(0, 2, "45") == 0 &&
         tags.errorId != "4503";
}

}  // namespace

bool saysNotFound(const matroska::ChunkTags& tags) {
  return tags.errorId == "3000" || tags.errorId == "4000" || tags.errorCode == "FRAGMENT_NOT_FOUND";
}

std::string describeInBandError(const matroska::ChunkTags& tags) {
  std::string text;
  for (const std::string* part : {&tags.errorCode, &tags.errorId, &tags.errorMessage}) {
    if (!part->empty()) {
      text += (text.empty() ? "" : " ") + *part;
    }
  }
  return text;
}

Error inBandError(const matroska::ChunkTags& tags) {
  const bool notAuthorized = saysNotAuthorized(tags);
  Error error = makeError(notAuthorized ? ErrorKind::kNotAuthorized : ErrorKind::kRead,
                          "The service can't read a fragment: " + describeInBandError(tags));
  if (notAuthorized) {
    error.message += "; the caller needs kms:Decrypt on the stream's key";
  }
  error.recovery = notAuthorized ? Recovery::kNone : Recovery::kRetry;
  error.awsCode = tags.errorCode.empty() ? tags.errorId : tags.errorCode;
  return error;
}

}  // namespace kvsarchive::archive
