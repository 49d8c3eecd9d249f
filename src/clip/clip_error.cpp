// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip/clip_error.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "kvs/empty_range.h"
#include "kvs/service_error.h"

namespace kvsarchive::clip {
namespace {

struct Explanation {
  std::string_view code;  // without a final "Exception"
  const char* text;
};

constexpr std::string_view kNotFound = "ResourceNotFound";
constexpr const char* kOtherElement = "; kvsarchivesrc can still read it";

constexpr std::array<Explanation, 6> kExplanations{{
    {"UnsupportedStreamMediaType",
     "a clip needs H.264 or H.265 in the first track, and AAC or G.711 in the second, if there is "
     "one"},
    {"MissingCodecPrivateData", "the producer has to send codec private data with each track"},
    {"InvalidCodecPrivateData",
     "codec private data is wrong or changes within the range: ask for a range without the change"},
    {"InvalidMediaFrame", "a frame does not fit its codec private data"},
    {"NoDataRetention", "the stream keeps nothing: set its data retention above 0 hours"},
    {kNotFound, "the region has no such stream, or no fragment starts "},
}};

}  // namespace

Error explained(Error error, const kvs::FragmentSelector& range) {
  const std::string_view code = kvs::shortCode(error.awsCode);
  const bool isOfClip = error.operation == "GetClip";
  const auto* known =
      std::find_if(kExplanations.begin(), kExplanations.end(),
                   [&](const Explanation& explanation) { return explanation.code == code; });
  if (isOfClip && known != kExplanations.end()) {
    error.message = withoutFullStop(std::move(error.message)) + ": " + known->text;
    error.message += error.kind == ErrorKind::kMedia ? kOtherElement : "";
    error.message += known->code == kNotFound ? describe(range) : "";
  }
  return error;
}

}  // namespace kvsarchive::clip
