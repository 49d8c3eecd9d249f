// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/credentials_provider.h"
#include "base/cancel_token.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/retry_policy.h"
#include "http/transport.h"
#include "kvs/client_call.h"
#include "kvs/client_core.h"
#include "kvs/endpoint_call.h"
#include "kvs/fragment.h"
#include "kvs/fragment_page.h"
#include "kvs/media_body.h"
#include "kvs/operation.h"
#include "kvs/session_request.h"
#include "kvs/stream_id.h"

namespace kvsarchive::kvs {

using ListCall = ClientCall<FragmentPage>;
using SessionUrlCall = ClientCall<std::string>;
using MediaCall = ClientCall<std::unique_ptr<MediaBody>>;

/// The archived-media API for one stream. Keeps the data endpoints and, if the machine's clock is
/// far off, the service's time; keeps the stream's pace. Any thread.
///
/// Calls are begun without blocking and polled for their result; several can be under way. They try
/// again what may help: time, other credentials, another endpoint, the service's time; the
/// last three once per call and at once. Errors are final, and so their recovery is kNone: as
/// service_error.h decodes them, plus kOpenRead/kRead of the transport and kDecode; each names
/// operation, stream, HTTP status, AWS code, request id, and the attempts if these are used up.
class ArchivedMediaClient {
 public:
  ArchivedMediaClient(ClientOptions options, http::Transport& transport,
                      aws::CredentialsProvider& credentials, const Clock& clock)
      : machineClock_(clock), core_(std::move(options), transport, credentials, clock) {}

  const ClientOptions& options() const { return core_.options; }
  const StreamId& stream() const { return core_.options.stream; }
  const Clock& clock() const { return machineClock_; }
  const http::RetryOptions& retryOptions() const { return core_.options.retry; }
  http::RetryBudget newRetryBudget() const { return http::RetryBudget(core_.options.retry); }
  /// Rings when a call or a body may go on.
  Bell& bell() { return core_.transport.bell(); }
  StreamPace::State pace();
  /// How often its calls, and who reads their bodies, tried again.
  RetryCounts retries() { return *core_.retries.lock(); }
  void countRetry(const Error& error) { core_.retries.lock()->count(error); }
  void countMediaRetry() { ++core_.retries.lock()->media; }

  /// Asks for the base URL of an API such as "LIST_FRAGMENTS"; asked once per API, then remembered
  /// until it fails, by all clients with the same EndpointCache. An http URL is accepted only if
  /// the control plane's is one too: kOpenRead, lest credentials go in clear. Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_GetDataEndpoint.html
  std::unique_ptr<EndpointCall> dataEndpoint(const std::string& apiName);

  /// Asks for one page. `maxResults` 1 to 1000; `nextToken` of the page before, empty for the
  /// first. Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_ListFragments.html
  std::unique_ptr<ListCall> listFragments(const FragmentSelector& selector, int maxResults,
                                          const std::string& nextToken);

  /// Begins to fetch media; the result is there once the service has accepted.
  /// `fragmentNumbers`: 1 to 1000, no number twice. `readAhead`: bytes that the body may bring
  /// before it is read. Attempts that fail are drawn from the caller's `budget`, who goes on with
  /// it when the body breaks off. Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetMediaForFragmentList.html
  std::unique_ptr<MediaCall> getMediaForFragmentList(
      const std::vector<std::string>& fragmentNumbers, size_t readAhead, http::RetryBudget& budget);

  /// Begins to fetch one MP4 file of the fragments that start in the range; the result is there
  /// once the service has accepted. At most 24 h, and by the service's clock in the past. The file
  /// ends without a word behind 200 fragments or 100 MB. `fragments`: how many are expected, 1 to
  /// 200, for the quotas. `readAhead`, `budget`: as above. Source:
  /// https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_reader_GetClip.html
  std::unique_ptr<MediaCall> getClip(const FragmentSelector& selector, unsigned fragments,
                                     size_t readAhead, http::RetryBudget& budget);

  /// Asks for a session, by its protocol. The result is a URL with the token in it that is all it
  /// takes to see the media: it is never shown. An http URL is refused as that of an endpoint is.
  /// Source: see SessionRequest.
  std::unique_ptr<SessionUrlCall> sessionUrl(const SessionRequest& request);

  /// Waits for the result of a call. Blocks, and can be cancelled.
  template <typename Call>
  auto wait(Call& call, const CancelToken& cancel) {
    for (;;) {
      const uint64_t count = bell().count();
      auto result = call.poll(cancel);
      if (!result && !bell().wait(count, call.wakeAt(), cancel)) {
        result.emplace(cancelledError());
      }
      if (result) {
        return std::move(*result);
      }
    }
  }

 private:
  Result<std::unique_ptr<MediaBody>> takeBody(const Operation& operation, Answer answer) const;

  const Clock& machineClock_;
  ClientCore core_;
};

}  // namespace kvsarchive::kvs
