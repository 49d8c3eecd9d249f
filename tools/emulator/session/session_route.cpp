// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session_route.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace kvsemulator {
namespace {

constexpr SessionProtocol kHls = SessionProtocol::kHls;
constexpr SessionProtocol kDash = SessionProtocol::kDash;

constexpr SessionRoute kRoutes[] = {
    {"/hls/v1/getHLSMasterPlaylist.m3u8", "GetHLSMasterPlaylist", kHls, getHlsMasterPlaylist},
    {"/hls/v1/getHLSMediaPlaylist.m3u8", "GetHLSMediaPlaylist", kHls, getHlsMediaPlaylist},
    {"/hls/v1/getMP4InitFragment.mp4", "GetMP4InitFragment", kHls, getMp4InitFragment},
    {"/hls/v1/getMP4MediaFragment.mp4", "GetMP4MediaFragment", kHls, getMp4MediaFragment},
    {"/hls/v1/getTSFragment.ts", "GetTSFragment", kHls, getTsFragment},
    {"/dash/v1/getDASHManifest.mpd", "GetDASHManifest", kDash, getDashManifest},
    {"/dash/v1/getMP4InitFragment.mp4", "GetMP4InitFragment", kDash, getMp4InitFragment},
    {"/dash/v1/getMP4MediaFragment.mp4", "GetMP4MediaFragment", kDash, getMp4MediaFragment},
};

bool endsWith(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

std::string SessionCall::parameter(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

const SessionRoute* findSessionRoute(const std::string& path) {
  const auto* found = std::find_if(std::begin(kRoutes), std::end(kRoutes),
                                   [&](const SessionRoute& r) { return endsWith(path, r.path); });
  return found == std::end(kRoutes) ? nullptr : found;
}

}  // namespace kvsemulator
