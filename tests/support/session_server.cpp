// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/session_server.h"

namespace kvsarchive::test {
namespace {

constexpr const char* kHls =
    "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ngetHLSMediaPlaylist.m3u8?SessionToken=";
constexpr const char* kDash = "<?xml version=\"1.0\"?>\n<MPD><!-- SessionToken=";

http::Headers typed(const char* type) { return {{"Content-Type", type}}; }

}  // namespace

const char* SessionServer::token() { return "CiBVeryUnusualSessionToken0123456789~"; }

SessionServer::SessionServer()
    : server_([this](const ReceivedRequest& request, ServerConnection& connection) {
        handle(request, connection);
      }) {}

std::string SessionServer::sessionRequest() const {
  const auto requests = server_.requests();
  for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
    if (request->target.find("StreamingSessionURL") != std::string::npos) {
      return request->body;
    }
  }
  return "";
}

void SessionServer::answerManifestsWith(int status, std::string body) {
  status_ = status;
  body_ = std::move(body);
}

bool SessionServer::isDash() const {
  return sessionRequest().find("DASHFragmentSelector") != std::string::npos;
}

std::string SessionServer::sessionUrl() const {
  return server_.url() +
         (isDash() ? "/dash/v1/getDASHManifest.mpd" : "/hls/v1/getHLSMasterPlaylist.m3u8") +
         "?SessionToken=" + token();
}

std::string SessionServer::manifest() const {
  return isDash() ? kDash + std::string(token()) + " --></MPD>\n"
                  : kHls + std::string(token()) + "\n";
}

void SessionServer::handle(const ReceivedRequest& request, ServerConnection& connection) {
  if (request.target == "/getDataEndpoint") {
    connection.write(
        answer(200, typed("application/json"), "{\"DataEndpoint\":\"" + server_.url() + "\"}"));
  } else if (request.method == "POST") {
    const std::string member = isDash() ? "DASHStreamingSessionURL" : "HLSStreamingSessionURL";
    connection.write(
        answer(200, typed("application/json"),
               "{\"" + member + "\":\"" + (toldUrl_.empty() ? sessionUrl() : toldUrl_) + "\"}"));
  } else {
    connection.write(
        answer(status_, typed("application/octet-stream"), body_.empty() ? manifest() : body_));
  }
}

}  // namespace kvsarchive::test
