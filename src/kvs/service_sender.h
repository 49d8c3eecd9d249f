// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/signing_clock.h"
#include "base/result.h"
#include "http/transport.h"
#include "kvs/call.h"
#include "kvs/json_document.h"
#include "kvs/operation.h"

namespace kvsarchive::kvs {

/// Signs and sends single requests about one stream, and makes errors of answers that tell of one.
/// Any thread. Errors name operation, stream, HTTP status, AWS code and request id, say what may
/// help, and show no secret, even if the service echoes one.
class ServiceSender {
 public:
  /// An answer with status 200, whose body may still tell of an error.
  struct Answer {
    http::ResponseHead head;
    std::unique_ptr<http::Exchange> exchange;
    aws::Credentials credentials;  ///< to keep them out of messages
  };

  /// `stream` is what errors call it; `region` is signed.
  ServiceSender(std::string stream, std::string region, http::Transport& transport,
                aws::CredentialsProvider& credentials, aws::SigningClock& clock)
      : stream_(std::move(stream)),
        region_(std::move(region)),
        transport_(transport),
        credentials_(credentials),
        clock_(clock) {}

  /// One attempt: returns once a status has come, and notes in `call` what it was made with. The
  /// host is the operation's data endpoint or the control plane.
  Result<Answer> send(const Operation& operation, const std::string& baseUrl, std::string body,
                      Call& call);

  /// The JSON that follows. Errors: kDecode, and what a 200 that is none tells of.
  Result<JsonDocument> readJson(const Operation& operation, const Answer& answer,
                                const CancelToken& cancel) const;

  /// What an answer that is an error says.
  Error readError(const Operation& operation, const Answer& answer,
                  const CancelToken& cancel) const;

  /// Completes an error about an answer, or (null) of a request without one.
  Error annotate(Error error, const Operation& operation, const Answer* answer) const;

 private:
  Error serviceError(const Operation& operation, const Answer& answer, std::string body) const;

  const std::string stream_;
  const std::string region_;
  http::Transport& transport_;
  aws::CredentialsProvider& credentials_;
  aws::SigningClock& clock_;
};

}  // namespace kvsarchive::kvs
