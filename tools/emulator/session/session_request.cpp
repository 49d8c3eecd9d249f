// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_request.h"

#include <algorithm>

namespace kvsemulator {

Result<int, ApiError> trackAsked(const SessionCall& call) {
  const std::string text = call.parameter("TrackNumber");
  for (const auto& entry : call.session.tracks) {
    if (text == std::to_string(entry.first)) {
      return entry.first;
    }
  }
  return invalidArgument("TrackNumber '" + text + "' is none of this streaming session.");
}

Result<SessionTimeline::Item, ApiError> fragmentAsked(const SessionCall& call) {
  const std::string text = call.parameter("FragmentNumber");
  const auto& items = call.session.timeline.items();
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const SessionTimeline::Item& item) {
        return text == item.entry.info().number || text == std::to_string(item.sequence);
      });
  if (found == items.end()) {
    return resourceNotFound("Fragment '" + text + "' is none of this streaming session.");
  }
  call.details.fragments = {found->entry.info().number};
  return *found;
}

}  // namespace kvsemulator
