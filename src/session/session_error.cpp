// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_error.h"

#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "kvs/service_error.h"
#include "session/manifest.h"

namespace kvsarchive::session {
namespace {

using kvs::PlaybackMode;

constexpr const char* kOtherElement = "; kvsarchivesrc reads it in any case";

/// That a stream does not exist is told before any session is asked for.
std::string whyNotFound(const Error& error, const kvs::SessionRequest& request) {
  if (error.operation == "GetDataEndpoint") {
    return "";
  }
  if (request.playbackMode == PlaybackMode::kLive) {
    return "playback-mode=live needs a fragment of the last 30 seconds; the producer has sent none";
  }
  return "no fragment that starts between start-timestamp and end-timestamp, by the clock of "
         "fragment-selector-type, can be played";
}

std::string reasonOf(const Error& error, const kvs::SessionRequest& request) {
  const std::string_view code = kvs::shortCode(error.awsCode);
  if (code == "UnsupportedStreamMediaType") {
    return request.protocol == kvs::SessionProtocol::kHls
               ? "HLS has H.264 or H.265 video and AAC audio, in this order of tracks" +
                     std::string(kOtherElement)
               : "DASH has H.264 or H.265 video, and AAC or G.711 audio, in this order of tracks" +
                     std::string(kOtherElement);
  }
  if (code == "MissingCodecPrivateData") {
    return "the producer must send codec private data with every track" +
           std::string(kOtherElement);
  }
  if (code == "InvalidCodecPrivateData") {
    return "codec private data must be good and the same in all fragments of a session: choose a "
           "range in which the producer's settings stay" +
           std::string(kOtherElement);
  }
  if (code == "NoDataRetention") {
    return "set the stream's data retention to more than 0 hours, and record anew";
  }
  if (error.kind == ErrorKind::kNotFound) {
    return whyNotFound(error, request);
  }
  return "";
}

}  // namespace

Error explained(Error error, const kvs::SessionRequest& request) {
  if (error.kind == ErrorKind::kNotAuthorized &&
      error.operation == manifestOperation(request.protocol)) {
    error.kind = ErrorKind::kSession;
  }
  const std::string reason = reasonOf(error, request);
  if (!reason.empty()) {
    error.message = withoutFullStop(std::move(error.message)) + ": " + reason;
  }
  return error;
}

}  // namespace kvsarchive::session
