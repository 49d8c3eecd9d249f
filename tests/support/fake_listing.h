// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace kvsarchive::test {

/// A fragment as ListFragments knows it.
struct ListedFragment {
  std::string number;
  int64_t producerMillis = 0;
  int64_t serverMillis = 0;
  uint64_t sizeBytes = 0;
  int64_t lengthMillis = 80;
  int micros = 0;  ///< 0 to 999, behind both times
};

/// A request as it came.
struct ListRequest {
  bool byServer = false;
  int64_t start = 0;  ///< ms, like `end`
  int64_t end = 0;
  uint64_t maxResults = 0;
  std::string token;
};

enum class ListFault {
  kNone,
  kRepeatToken,  ///< the answer has the token that was asked with
  kRefuse,       ///< InvalidArgumentException
  kFail,         ///< InternalFailure, status 500
};

/// ListFragments of one stream: pages are unordered, bounds are inclusive.
class FakeListing {
 public:
  struct Answer {
    int status = 200;
    std::string json;
  };

  enum class Order { kNone, kEarliestFirst, kLatestFirst };

  std::vector<ListedFragment> fragments;
  Order order = Order::kNone;  ///< of what is listed; other ones need `fragments` sorted by time
  size_t pageLimit = 1000;  ///< most fragments on a page
  /// How many pages are short or empty although more follow, have a token although none does, or
  /// repeat a fragment.
  unsigned oddPagesPercent = 0;
  int64_t slackMillis = 0;  ///< lists what is so far outside of the bounds, too
  /// By the server's clock, a range that ends before this is refused.
  int64_t retentionBegin = 0;
  std::function<ListFault(const ListRequest&)> fault;

  explicit FakeListing(unsigned seed = 1) : random_(seed) {}

  Answer answer(const std::string& requestBody);
  /// All that came, cancelled ones too.
  const std::vector<ListRequest>& requests() const { return requests_; }
  void clearRequests() { requests_.clear(); }

 private:
  struct Rest {
    ListRequest request;  ///< the first one
    size_t pages = 0;
    std::vector<size_t> fragments;  ///< not on a page yet
    std::string earlier;            ///< a fragment of an earlier page
  };

  Rest select(const ListRequest& request);
  Answer page(const ListRequest& request, Rest rest, bool repeatToken);
  bool chance();

  std::vector<ListRequest> requests_;
  std::map<std::string, Rest> rests_;  // by token
  std::mt19937 random_;
};

}  // namespace kvsarchive::test
