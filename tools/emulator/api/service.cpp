// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/service.h"

#include <glib.h>

#include <algorithm>
#include <cstring>
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
    {"/getHLSStreamingSessionURL", "GetHLSStreamingSessionURL", "GET_HLS_STREAMING_SESSION_URL",
     getHlsStreamingSessionUrl},
    {"/getDASHStreamingSessionURL", "GetDASHStreamingSessionURL", "GET_DASH_STREAMING_SESSION_URL",
     getDashStreamingSessionUrl},
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

std::map<std::string, std::string> queryOf(const Request& request) {
  std::map<std::string, std::string> parameters;
  g_autoptr(GHashTable) table =
      g_uri_parse_params(request.query.c_str(), -1, "&", G_URI_PARAMS_NONE, nullptr);
  GHashTableIter iter;
  gpointer name = nullptr;
  gpointer value = nullptr;
  if (table) {
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
      parameters[static_cast<const char*>(name)] = static_cast<const char*>(value);
    }
  }
  return parameters;
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
  if (const SessionRoute* player = findSessionRoute(request.path)) {
    return answerPlayer(request, *player, details);
  }
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
      route->function({archive_, endpoints_, clips_, sessions_, request, now, details}, body);
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

Reply Service::answerPlayer(const Request& request, const SessionRoute& route,
                            CallDetails& details) {
  const std::string base = request.path.substr(0, request.path.size() - std::strlen(route.path));
  const DataEndpoints::Target* target = endpoints_.find(base);
  if (request.method != "GET" || (!base.empty() && !target)) {
    return unknownOperation();
  }
  details.operation = route.operation;
  details.atDataEndpoint = true;
  if (target && target->moved) {
    details.stream = target->stream;
    return oldEndpointReply(*target->moved);
  }
  const int64_t now = clockMs();
  const auto parameters = queryOf(request);
  const auto token = parameters.find("SessionToken");
  auto session = sessions_.find(token == parameters.end() ? "" : token->second, now);
  if (!session) {
    return errorReply(session.error());
  }
  if ((*session)->basePath != base || (*session)->options.protocol != route.protocol) {
    return wrongEndpoint();
  }
  details.stream = (*session)->stream.options().name;
  details.session = (*session)->token;
  OperationResult result = route.function({**session, parameters, now, details});
  if (!result) {
    return errorReply(result.error());
  }
  if (auto error = quotas_.admit(details, *result)) {
    return errorReply(*error);
  }
  return std::move(*result);
}

}  // namespace kvsemulator
