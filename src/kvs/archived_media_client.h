// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials_provider.h"
#include "aws/signing_clock.h"
#include "base/cancel_token.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "http/transport.h"
#include "kvs/call.h"
#include "kvs/fragment.h"
#include "kvs/fragment_page.h"
#include "kvs/media_body.h"
#include "kvs/operation.h"
#include "kvs/service_sender.h"
#include "kvs/stream_id.h"

namespace kvsarchive::kvs {

struct ClientOptions {
  StreamId stream;
  std::string region;           ///< signing region, e.g. "eu-west-1"
  std::string controlEndpoint;  ///< absolute URL of the control plane, without a final slash
  http::RetryOptions retry;     ///< of each call
};

/// The archived-media API for one stream. Keeps the data endpoints and, if the machine's clock is
/// far off, the service's time. Any thread.
///
/// All calls block (name lookup, connect, answer, delays between attempts) and can be cancelled.
/// They try again what may help: time, other credentials, another endpoint, the service's time; the
/// last three once per call and at once. Errors are final, and so their recovery is kNone: as
/// service_error.h decodes them, plus kOpenRead/kRead of the transport and kDecode; each names
/// operation, stream, HTTP status, AWS code, request id, and the attempts if these are used up.
class ArchivedMediaClient {
 public:
  ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                      aws::CredentialsProvider& credentials, const Clock& clock);

  const StreamId& stream() const { return options_.stream; }
  const Clock& clock() const { return machineClock_; }
  const http::RetryOptions& retryOptions() const { return options_.retry; }
  http::RetryBudget newRetryBudget() const { return http::RetryBudget(options_.retry); }

  /// Base URL for an API such as "LIST_FRAGMENTS"; asked once per API, then remembered until it
  /// fails. An http URL is accepted only if the control plane's is one too: kOpenRead, lest
  /// credentials go in clear.
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
  // Single attempts.
  Result<std::string> knownOrAskedEndpoint(const std::string& apiName, Call& call);
  Result<std::string> askDataEndpoint(const std::string& apiName, Call& call);
  Result<ServiceSender::Answer> sendToData(const Operation& operation, std::string body,
                                           Call& call);
  Result<FragmentPage> askFragmentPage(std::string body, Call& call);
  Result<std::unique_ptr<MediaBody>> askMedia(std::string body, Call& call);

  /// Makes attempts until one succeeds or nothing is left that may help.
  template <typename T, typename Attempt>
  Result<T> persist(Call& call, Attempt attempt);
  /// Does what may help against an error; returns an error if another attempt makes no sense.
  Status recover(Error error, Call& call);
  Status refreshCredentials(const Error& error, Call& call);
  Status refetchEndpoint(const Error& error, Call& call);
  Status correctClock(const Error& error, Call& call);
  Status backOff(const Error& error, Call& call);
  void forgetEndpoint(const Call& call);

  const ClientOptions options_;
  aws::CredentialsProvider& credentials_;
  const Clock& machineClock_;
  aws::SigningClock clock_;
  ServiceSender sender_;
  Guarded<std::map<std::string, std::string>> endpoints_;  // by API name
};

}  // namespace kvsarchive::kvs
