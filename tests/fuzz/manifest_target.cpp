// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.h"
#include "session/manifest.h"
#include "targets.h"

namespace kvsarchive::fuzz {

std::string manifest(std::string_view input) {
  Checks checks;
  const std::string service = "https://b-1.example:8443";
  const std::string url = session::mediaPlaylistUrl(
      service + "/hls/v1/getHLSMasterPlaylist.m3u8?SessionToken=a/b~", input);
  checks.require(url.empty() || url.rfind(service + "/", 0) == 0, "a playlist of another host");
  checks.require(url.find('\n') == std::string::npos, "a URL of several lines");
  for (const auto protocol : {kvs::SessionProtocol::kHls, kvs::SessionProtocol::kDash}) {
    (void)session::isManifest(input, protocol);
  }
  // A segment takes some bytes of text, unless it stands for many of one length.
  const bool repeats = input.find("<S") != std::string_view::npos;
  checks.require(repeats || session::countFragments(input) <= input.size(), "more than there are");
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
