// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/manifest.h"

#include <algorithm>
#include <charconv>

namespace kvsarchive::session {

namespace {

/// The first line of a playlist that is neither a tag nor empty; empty if there is none.
std::string_view firstUri(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find('\r'));
    if (!line.empty() && line.front() != '#') {
      return line;
    }
  }
  return {};
}

}  // namespace

bool isManifest(std::string_view text, kvs::SessionProtocol protocol) {
  if (protocol == kvs::SessionProtocol::kHls) {
    return text.substr(0, 7) == "#EXTM3U" && !firstUri(text).empty();
  }
  const size_t root = text.find("<MPD");
  return root != std::string_view::npos && text.find("</MPD>", root) != std::string_view::npos;
}

const char* manifestOperation(kvs::SessionProtocol protocol) {
  return protocol == kvs::SessionProtocol::kHls ? "GetHLSMasterPlaylist" : "GetDASHManifest";
}

std::string mediaPlaylistUrl(const std::string& url, std::string_view master) {
  const std::string_view line = firstUri(master);
  const bool isBeside =
      !line.empty() && line.front() != '/' && line.find("://") == std::string_view::npos;
  const size_t folder = url.rfind('/', url.find('?'));
  return isBeside ? url.substr(0, folder + 1).append(line) : std::string();
}

size_t countFragments(std::string_view text) {
  constexpr std::string_view kSegment = "#EXTINF";
  size_t count = 0;
  if (text.find("<MPD") == std::string_view::npos) {
    for (size_t at = 0; (at = text.find(kSegment, at)) != std::string_view::npos; ++at) {
      ++count;
    }
    return count;
  }
  text = text.substr(0, text.find("</SegmentTimeline>"));
  for (size_t at = 0; (at = text.find("<S ", at)) != std::string_view::npos; ++at) {
    const std::string_view element = text.substr(at, text.find('>', at) - at);
    const size_t repeat = element.find(" r=\"");
    size_t more = 0;  // none for -1: up to the end
    if (repeat != std::string_view::npos) {
      std::from_chars(element.data() + repeat + 4, element.data() + element.size(), more);
    }
    count += 1 + more;
  }
  return count;
}

}  // namespace kvsarchive::session
