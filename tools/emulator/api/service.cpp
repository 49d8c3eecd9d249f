// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/service.h"

#include <glib.h>

#include <algorithm>
#include <iterator>

#include "base/wall_clock.h"

namespace kvsemulator {
namespace {

struct Route {
  const char* path;
  const char* operation;
  const char* api;  ///< of the data endpoint it is served at; nullptr = control plane
  OperationFunction function;
};

constexpr Route kRoutes[] = {
    {"/getDataEndpoint", "GetDataEndpoint", nullptr, getDataEndpoint},
    {"/describeStream", "DescribeStream", nullptr, describeStream},
    {"/listStreams", "ListStreams", nullptr, listStreams},
    {"/listFragments", "ListFragments", "LIST_FRAGMENTS", listFragments},
    {"/getMediaForFragmentList", "GetMediaForFragmentList", "GET_MEDIA_FOR_FRAGMENT_LIST",
     getMediaForFragmentList},
    {"/getClip", "GetClip", "GET_CLIP", getClip},
};

const Route* findRoute(const std::string& path) {
  const auto* found = std::find_if(std::begin(kRoutes), std::end(kRoutes),
                                   [&](const Route& route) { return path == route.path; });
  return found == std::end(kRoutes) ? nullptr : found;
}

/// What the service answers, with status 200, at a path that it does not know.
Reply unknownOperation() {
  Reply reply;
  reply.errorCode = "UnknownOperationException";
  reply.body =
      R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})";
  return reply;
}

void addRequestId(Reply& reply) {
  g_autofree gchar* uuid = g_uuid_string_random();
  reply.headers.emplace_back("x-amzn-RequestId", uuid);
}

}  // namespace

int64_t Service::clockMs() const { return nowMs() + clockOffsetMs_; }

Reply Service::handle(const Request& request, LogEntry& entry) {
  CallDetails details;
  details.operation = entry.operation;
  Reply reply = answer(request, details);
  entry.faults = faults_.apply(archive_, endpoints_, details, reply);
  addRequestId(reply);
  if (clockOffsetMs_ != 0) {
    reply.dateMs = clockMs();
  }
  entry.operation = std::move(details.operation);
  entry.stream = std::move(details.stream);
  entry.maxResults = details.maxResults;
  entry.fragments = std::move(details.fragments);
  return reply;
}

Reply Service::answer(const Request& request, CallDetails& details) {
  const size_t slash = request.path.rfind('/');
  const std::string base = slash == std::string::npos ? "" : request.path.substr(0, slash);
  const Route* route = findRoute(request.path.substr(base.size()));
  const DataEndpoints::Target* target = endpoints_.find(base);
  if (request.method != "POST" || !route || (!base.empty() && !target)) {
    return unknownOperation();
  }
  details.operation = route->operation;
  const bool rightPlace = endpoints_.flat() ? base.empty()
                          : route->api      ? target && target->api == route->api
                                            : base.empty();
  if (!rightPlace) {
    return wrongEndpoint();
  }
  details.atDataEndpoint = route->api != nullptr;
  if (target && target->moved) {
    details.stream = target->stream;
    return oldEndpointReply(*target->moved);
  }
  const int64_t now = clockMs();
  if (auto error = authenticator_.check(request, now)) {
    return errorReply(*error);
  }
  ApiRequest body(request.body);
  OperationResult result =
      route->function({archive_, endpoints_, clips_, request, now, details}, body);
  if (body.error()) {
    return errorReply(*body.error());
  }
  if (target && target->stream != details.stream) {
    return errorReply(resourceNotFound("The requested stream is not found or not active.").error);
  }
  if (!result) {
    return errorReply(result.error());
  }
  if (auto error = quotas_.admit(details, *result)) {
    return errorReply(*error);
  }
  return std::move(*result);
}

}  // namespace kvsemulator
