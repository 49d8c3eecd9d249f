// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/unix_time.h"

namespace kvsarchive::aws {

/// One immutable set of keys. The secret parts are wiped when the last copy goes.
struct Credentials {
  Credentials() = default;
  Credentials(std::string accessKey, std::string secret, std::string token);
  Credentials(const Credentials&) = default;
  Credentials(Credentials&&) = default;
  Credentials& operator=(Credentials other) noexcept;
  ~Credentials();

  std::string accessKeyId;
  std::string secretKey;
  std::string sessionToken;         ///< empty for long-term keys
  std::optional<UnixTime> expires;  ///< not set: they last until the service says otherwise
};

/// The same keys, whenever they expire.
bool operator==(const Credentials& a, const Credentials& b);

/// Overwrites a text that was secret, also what an earlier, longer text left in its memory.
void wipe(std::string& text);

}  // namespace kvsarchive::aws
