// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace kvsarchive::kvs {

/// An operation of the service's API, as constants of this file.
struct Operation {
  const char* name;     ///< "ListFragments"
  const char* path;     ///< "/listFragments"
  const char* apiName;  ///< what GetDataEndpoint knows it as; null for the control plane's own
  bool answersMedia;    ///< else JSON
};

constexpr Operation kGetDataEndpoint{"GetDataEndpoint", "/getDataEndpoint", nullptr, false};
constexpr Operation kListFragments{"ListFragments", "/listFragments", "LIST_FRAGMENTS", false};
constexpr Operation kGetMediaForFragmentList{"GetMediaForFragmentList", "/getMediaForFragmentList",
                                             "GET_MEDIA_FOR_FRAGMENT_LIST", true};
constexpr Operation kGetClip{"GetClip", "/getClip", "GET_CLIP", true};
constexpr Operation kGetHlsStreamingSessionUrl{"GetHLSStreamingSessionURL",
                                               "/getHLSStreamingSessionURL",
                                               "GET_HLS_STREAMING_SESSION_URL", false};
constexpr Operation kGetDashStreamingSessionUrl{"GetDASHStreamingSessionURL",
                                                "/getDASHStreamingSessionURL",
                                                "GET_DASH_STREAMING_SESSION_URL", false};

}  // namespace kvsarchive::kvs
