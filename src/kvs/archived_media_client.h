// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials_provider.h"
#include "base/cancel_token.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "http/transport.h"
#include "kvs/fragment.h"
#include "kvs/fragment_page.h"
#include "kvs/json_document.h"
#include "kvs/media_body.h"
#include "kvs/stream_id.h"

namespace kvsarchive::kvs {

struct ClientOptions {
  StreamId stream;
  std::string region;           ///< signing region, e.g. "eu-west-1"
  std::string controlEndpoint;  ///< absolute URL of the control plane, without a final slash
  http::RetryOptions retry;     ///< of each call
};

/// The archived-media API for one stream. Stateless but for the endpoint cache. Any thread.
/// All calls block (name lookup, connect, answer) and can be cancelled. Errors: as
/// service_error.h decodes them, plus kOpenRead/kRead of the transport and kDecode; each names
/// operation, stream, HTTP status, AWS code and request id.
class ArchivedMediaClient {
 public:
  ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                      aws::CredentialsProvider& credentials, const Clock& clock);

  const StreamId& stream() const { return options_.stream; }
  const http::RetryOptions& retryOptions() const { return options_.retry; }
  http::RetryBudget newRetryBudget() const { return http::RetryBudget(options_.retry); }

  /// Base URL for an API such as "LIST_FRAGMENTS"; asked once per API, then remembered. An http URL
  /// is accepted only if the control plane's is one too: kOpenRead, lest credentials go in clear.
  /// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_GetDataEndpoint.html
  Result<std::string> dataEndpoint(const std::string& apiName, const CancelToken& cancel);

  /// One page. `maxResults` 1 to 1000; `nextToken` of the page before, empty for the first.
  /// Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_ListFragments.html
  Result<FragmentPage> listFragments(const FragmentSelector& selector, int maxResults,
                                     const std::string& nextToken, const CancelToken& cancel);

  /// Begins to fetch media; returns once the service has accepted.
  /// `fragmentNumbers`: 1 to 1000, no number twice. Attempts that fail are drawn from the caller's
  /// `budget`, who goes on with it when the body breaks off.
  /// Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetMediaForFragmentList.html
  Result<std::unique_ptr<MediaBody>> getMediaForFragmentList(
      const std::vector<std::string>& fragmentNumbers, http::RetryBudget& budget,
      const CancelToken& cancel);

 private:
  struct Operation;
  struct Answer {
    http::ResponseHead head;
    std::unique_ptr<http::Exchange> exchange;
    aws::Credentials credentials;  // what it was signed with, to keep it out of messages
  };

  /// Signs and sends one request; returns once status 200 has come.
  Result<Answer> call(const Operation& operation, const std::string& baseUrl, std::string body,
                      const CancelToken& cancel);
  /// The JSON that follows, unless it tells of an error.
  Result<JsonDocument> readJson(const Operation& operation, const Answer& answer,
                                const CancelToken& cancel);
  Result<std::string> askDataEndpoint(const std::string& apiName, const CancelToken& cancel);

  /// What an answer that is an error says.
  Error readError(const Operation& operation, const Answer& answer, const CancelToken& cancel);
  Error serviceError(const Operation& operation, const Answer& answer, std::string body) const;
  Error annotate(Error error, const Operation& operation, const http::ResponseHead* head) const;

  const ClientOptions options_;
  http::Transport& transport_;
  aws::CredentialsProvider& credentials_;
  const Clock& clock_;
  Guarded<std::map<std::string, std::string>> endpoints_;  // by API name
};

}  // namespace kvsarchive::kvs
