// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "aws/credentials_provider.h"
#include "base/cancel_token.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "http/transport.h"
#include "kvs/fragment.h"
#include "kvs/stream_id.h"

namespace kvsarchive::kvs {

struct ClientOptions {
  StreamId stream;
  std::string region;           ///< signing region, e.g. "eu-west-1"
  std::string controlEndpoint;  ///< absolute URL of the control plane, without a final slash
};

/// One page of ListFragments. Pages are unordered, inside and among each other; a page can be short
/// or empty although more follow: only `nextToken` tells.
struct FragmentPage {
  std::vector<Fragment> fragments;
  std::string nextToken;  ///< empty = last page
};

/// The archived-media API for one stream. Stateless but for the endpoint cache. Any thread.
/// All calls block (name lookup, connect, answer) and can be cancelled. Errors: as
/// service_error.h decodes them, plus kOpenRead/kRead of the transport and kDecode; each names
/// operation, stream, HTTP status, AWS code and request id.
class ArchivedMediaClient {
 public:
  ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                      aws::CredentialsProvider& credentials, const Clock& clock);

  /// Base URL for an API such as "LIST_FRAGMENTS"; asked once per API, then remembered.
  /// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_GetDataEndpoint.html
  Result<std::string> dataEndpoint(const std::string& apiName, const CancelToken& cancel);

  /// One page. `maxResults` 1 to 1000; `nextToken` of the page before, empty for the first.
  /// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_ListFragments.html
  Result<FragmentPage> listFragments(const FragmentSelector& selector, int maxResults,
                                     const std::string& nextToken, const CancelToken& cancel);

  /// Begins to fetch media; returns once the service has accepted, so that reading the exchange
  /// gives media: one Matroska document per fragment, in the order asked for as a rule.
  /// `fragmentNumbers`: 1 to 1000, no number twice.
  /// Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetMediaForFragmentList.html
  Result<std::unique_ptr<http::Exchange>> getMediaForFragmentList(
      const std::vector<std::string>& fragmentNumbers, const CancelToken& cancel);
};

}  // namespace kvsarchive::kvs
