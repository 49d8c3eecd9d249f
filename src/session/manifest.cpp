// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/manifest.h"

namespace kvsarchive::session {

bool isManifest(std::string_view text, kvs::SessionProtocol protocol) {
  if (protocol == kvs::SessionProtocol::kHls) {
    return text.substr(0, 7) == "#EXTM3U";
  }
  const size_t root = text.find("<MPD");
  return root != std::string_view::npos && text.find("</MPD>", root) != std::string_view::npos;
}

const char* manifestOperation(kvs::SessionProtocol protocol) {
  return protocol == kvs::SessionProtocol::kHls ? "GetHLSMasterPlaylist" : "GetDASHManifest";
}

}  // namespace kvsarchive::session
