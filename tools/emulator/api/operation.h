// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/api_error.h"
#include "api/api_request.h"
#include "api/data_endpoints.h"
#include "archive/archive.h"
#include "base/result.h"
#include "clip/clip_cache.h"
#include "http/reply.h"
#include "http/request.h"

namespace kvsemulator {

class SessionStore;

/// What the log tells about a call beside its HTTP side.
struct CallDetails {
  std::string operation;
  std::string stream;
  int64_t maxResults = 0;              ///< 0 = not asked
  std::vector<std::string> fragments;  ///< numbers asked for, or those in the clip
  bool atDataEndpoint = false;
  bool hasToken = false;  ///< it asks for a further page of a listing
  std::string session;    ///< token of a streaming session; secret
};

/// All that an operation works with.
struct CallContext {
  const Archive& archive;
  DataEndpoints& endpoints;
  ClipCache& clips;
  SessionStore& sessions;
  const Request& http;
  int64_t nowMs;
  CallDetails& details;
};

using OperationResult = Result<Reply, ApiError>;
using OperationFunction = OperationResult (*)(const CallContext& context, ApiRequest& request);

/// The stream that StreamName or StreamARN names; nullptr with an error set in
/// the request.
const Stream* namedStream(const CallContext& context, ApiRequest& request);

OperationResult getDataEndpoint(const CallContext& context, ApiRequest& request);
OperationResult describeStream(const CallContext& context, ApiRequest& request);
OperationResult listStreams(const CallContext& context, ApiRequest& request);
OperationResult listFragments(const CallContext& context, ApiRequest& request);
OperationResult getClip(const CallContext& context, ApiRequest& request);
OperationResult getMediaForFragmentList(const CallContext& context, ApiRequest& request);
OperationResult getHlsStreamingSessionUrl(const CallContext& context, ApiRequest& request);
OperationResult getDashStreamingSessionUrl(const CallContext& context, ApiRequest& request);

}  // namespace kvsemulator
