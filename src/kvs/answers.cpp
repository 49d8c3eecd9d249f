// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/answers.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace kvsarchive::kvs {
namespace {

/// Keeps the first error of several values.
class FirstError {
 public:
  template <typename T>
  T take(Result<T> result) {
    if (result) {
      return std::move(*result);
    }
    if (!error_) {
      error_ = std::move(result.error());
    }
    return T();
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

Result<Fragment> decodeFragment(const JsonObjectView& object) {
  FirstError first;
  Fragment fragment;
  fragment.number = first.take(object.string("FragmentNumber"));
  fragment.producerTimestamp = first.take(object.time("ProducerTimestamp"));
  fragment.serverTimestamp = first.take(object.time("ServerTimestamp"));
  // Nothing depends on these two, and so they may be missing.
  if (object.has("FragmentSizeInBytes")) {
    fragment.sizeBytes = first.take(object.wholeNumber("FragmentSizeInBytes"));
  }
  if (object.has("FragmentLengthInMilliseconds")) {
    const uint64_t length = first.take(object.wholeNumber("FragmentLengthInMilliseconds"));
    fragment.length = std::chrono::milliseconds(std::min<uint64_t>(length, kMaxUnixMillis));
  }
  if (first.error()) {
    return *first.error();
  }
  return fragment;
}

}  // namespace

Result<std::string> decodeDataEndpoint(const JsonObjectView& root) {
  return root.string("DataEndpoint");
}

Result<FragmentPage> decodeFragmentPage(const JsonObjectView& root) {
  // A wrong host may answer with an empty object: taken for a page, it would end the listing.
  if (!root.mentions("Fragments") && !root.mentions("NextToken")) {
    Error error = makeError(ErrorKind::kDecode, "the answer has neither Fragments nor NextToken");
    error.recovery = Recovery::kRetry;
    return error;
  }
  FirstError first;
  FragmentPage page;
  page.nextToken = first.take(root.optionalString("NextToken"));
  const auto objects = first.take(root.optionalObjects("Fragments"));
  for (const JsonObjectView& object : objects) {
    Fragment fragment = first.take(decodeFragment(object));
    if (first.error()) {
      break;
    }
    if (!isFragmentNumber(fragment.number)) {
      return makeError(ErrorKind::kDecode, "\"" + oneLine(fragment.number, 130) +
                                               "\" in the answer is not a fragment number");
    }
    page.fragments.push_back(std::move(fragment));
  }
  if (first.error()) {
    return *first.error();
  }
  return page;
}

Result<std::string> decodeSessionUrl(const JsonObjectView& root, SessionProtocol protocol) {
  return root.string(protocol == SessionProtocol::kHls ? "HLSStreamingSessionURL"
                                                       : "DASHStreamingSessionURL");
}

}  // namespace kvsarchive::kvs
