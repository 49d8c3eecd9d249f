// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "api/operation.h"
#include "session/session.h"

namespace kvsemulator {

/// A request of a player: for a manifest or a segment.
struct SessionCall {
  Session& session;
  const std::map<std::string, std::string>& parameters;  ///< of the query
  int64_t nowMs;
  CallDetails& details;

  /// Empty if it is absent.
  std::string parameter(const std::string& name) const;
};

/// What is served below a data endpoint to players, who don't sign.
struct SessionRoute {
  const char* path;       ///< e.g. "/hls/v1/getHLSMasterPlaylist.m3u8"
  const char* operation;  ///< as the service's metrics name it
  SessionProtocol protocol;
  OperationResult (*function)(const SessionCall& call);
};

/// The route that a path ends with; nullptr if there is none.
const SessionRoute* findSessionRoute(const std::string& path);

// manifests
OperationResult getHlsMasterPlaylist(const SessionCall& call);
OperationResult getHlsMediaPlaylist(const SessionCall& call);
OperationResult getDashManifest(const SessionCall& call);

// media
OperationResult getMp4InitFragment(const SessionCall& call);
OperationResult getMp4MediaFragment(const SessionCall& call);
OperationResult getTsFragment(const SessionCall& call);

}  // namespace kvsemulator
