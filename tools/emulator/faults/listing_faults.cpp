// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "api/api_error.h"
#include "api/listing_answer.h"
#include "faults/fault_kinds.h"

namespace kvsemulator {
namespace {

/// Changes the page, if an earlier fault has not replaced it.
FaultAction changePage(std::function<void(ListingAnswer&, const FaultTarget&)> change) {
  return [change = std::move(change)](Reply& reply, const FaultTarget& target) {
    if (reply.listing) {
      change(*reply.listing, target);
      reply.body = toJson(*reply.listing);
    }
  };
}

}  // namespace

FaultAction readLateVisible(JsonReader& json) {
  if (!json.has("fragment") && !json.has("fragment-position")) {
    json.fail("kind", "needs a fragment or a fragment-position");
  }
  return changePage([](ListingAnswer& page, const FaultTarget& target) {
    auto& list = page.fragments;
    list.erase(
        std::remove_if(list.begin(), list.end(),
                       [&](const FragmentInfo& info) { return info.number == target.fragment; }),
        list.end());
  });
}

FaultAction readEmptyPage(JsonReader&) {
  return changePage([](ListingAnswer& page, const FaultTarget&) {
    page.fragments.clear();
    page.nextToken = page.samePageToken;
  });
}

FaultAction readRepeatToken(JsonReader& json) {
  const bool first = json.choice("token", false, {{"asked", false}, {"first-page", true}});
  return changePage([=](ListingAnswer& page, const FaultTarget&) {
    page.nextToken = first ? page.firstPageToken : page.askedToken;
  });
}

FaultAction readExpiredToken(JsonReader&) {
  return [](Reply& reply, const FaultTarget&) { reply = errorReply(invalidToken().error); };
}

}  // namespace kvsemulator
