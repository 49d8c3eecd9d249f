// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/json_reader.h"
#include "http/reply.h"

namespace kvsemulator {

/// What a client meets at an endpoint that has moved away.
enum class OldEndpoint {
  kAccessDenied,  ///< the front door's refusal, as at any wrong endpoint
  kReset,         ///< the connection is reset without an answer
};

/// Reads `old`.
OldEndpoint readOldEndpoint(JsonReader& json);

/// Status 403, be it sent or not.
Reply oldEndpointReply(OldEndpoint old);

/// The base paths that stand in for the host names of the service's data
/// endpoints: one per stream and API, so that a client which guesses, shares or
/// shortens them is found out.
class DataEndpoints {
 public:
  struct Target {
    std::string stream;
    std::string api;                   ///< e.g. "LIST_FRAGMENTS"
    std::optional<OldEndpoint> moved;  ///< it is no longer there
  };

  /// `flat`: everything is served at "/", for clients that can't take a path in
  /// an endpoint.
  explicit DataEndpoints(bool flat) : flat_(flat) {}

  bool flat() const { return flat_; }
  /// "" or e.g. "/b-1f3c77aa".
  std::string pathFor(const std::string& stream, const std::string& api);
  /// nullptr if no data endpoint has or had that base path.
  const Target* find(const std::string& basePath) const;
  /// The endpoints handed out so far for a stream stop working, pathFor() gives
  /// new ones. `stream` empty = all streams. Nothing happens if it is flat.
  void move(const std::string& stream, OldEndpoint old);

 private:
  bool flat_;
  uint64_t moves_ = 0;
  std::map<std::string, Target> targets_;  ///< by path
  /// Paths in use, by stream and API.
  std::map<std::pair<std::string, std::string>, std::string> paths_;
};

}  // namespace kvsemulator
