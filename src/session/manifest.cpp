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

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Without the white space in front of it.
std::string_view trimmed(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// The attribute r of an S element; 0 for -1, which is up to the end.
size_t repeats(std::string_view element) {
  for (size_t at = 1; (at = element.find('r', at)) != std::string_view::npos; ++at) {
    const std::string_view behind = trimmed(element.substr(at + 1));
    if (isSpace(element[at - 1]) && !behind.empty() && behind.front() == '=') {
      const std::string_view value = trimmed(behind.substr(1));
      size_t more = 0;
      std::from_chars(value.data() + std::min<size_t>(1, value.size()), value.data() + value.size(),
                      more);
      return more;
    }
  }
  return 0;
}

}  // namespace

bool isManifest(std::string_view text, kvs::SessionProtocol protocol) {
  if (protocol == kvs::SessionProtocol::kHls) {
    return text.substr(0, 7) == "#EXTM3U" && !firstUri(text).empty();
  }
  const size_t root = text.find("<MPD");
  return root != std::string_view::npos && text.find("</MPD", root) != std::string_view::npos;
}

const char* manifestOperation(kvs::SessionProtocol protocol) {
  return protocol == kvs::SessionProtocol::kHls ? "GetHLSMasterPlaylist" : "GetDASHManifest";
}

std::string mediaPlaylistUrl(const std::string& url, std::string_view master) {
  const std::string_view line = firstUri(master);
  const size_t host = url.find("://") + 3;
  const std::string service = url.substr(0, url.find('/', host));
  if (line.substr(0, service.size() + 1) == service + "/") {
    return std::string(line);
  }
  if (line.empty() || line.substr(0, 2) == "//" || line.find("://") != std::string_view::npos) {
    return "";
  }
  const size_t folder = url.rfind('/', url.find('?'));
  std::string base = line.front() == '/' ? service : url.substr(0, folder + 1);
  return base.append(line);
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
  for (size_t at = 0; (at = text.find("<S", at)) != std::string_view::npos; ++at) {
    const std::string_view element = text.substr(at, text.find('>', at) - at);
    if (element.size() > 2 && isSpace(element[2])) {
      count += 1 + repeats(element);
    }
  }
  return count;
}

}  // namespace kvsarchive::session
