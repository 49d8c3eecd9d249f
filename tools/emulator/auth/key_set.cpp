// SPDX-License-Identifier: LGPL-2.1-or-later
#include "auth/key_set.h"

namespace kvsemulator {

std::vector<KeySet> readKeySets(JsonReader& parent) {
  std::vector<KeySet> sets;
  for (JsonReader& json : parent.objects("credentials")) {
    KeySet keys;
    keys.accessKey = json.requiredText("access-key");
    keys.secretKey = json.requiredText("secret-key");
    keys.sessionToken = json.text("session-token", "");
    if (json.has("expiration")) {
      keys.expirationMs = json.time("expiration", "now");
    }
    json.finish();
    sets.push_back(std::move(keys));
  }
  return sets;
}

}  // namespace kvsemulator
