// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/credentials_provider.h"
#include "aws/signing_clock.h"
#include "base/json_document.h"
#include "base/result.h"
#include "http/transport.h"
#include "kvs/attempt.h"
#include "kvs/operation.h"
#include "kvs/sent_request.h"

namespace kvsarchive::kvs {

/// Signs and sends single requests about one stream, and makes errors of answers that tell of one.
/// Any thread. Errors name operation, stream, HTTP status, AWS code and request id, say what may
/// help, and show no secret, even if the service echoes one. Without credentials they name the
/// operation that gives them, where that is one of AWS's, with its status.
class ServiceSender {
 public:
  /// `stream` is what errors call it; `region` is signed.
  ServiceSender(std::string stream, std::string region, http::Transport& transport,
                aws::CredentialsProvider& credentials, aws::SigningClock& clock)
      : stream_(std::move(stream)),
        region_(std::move(region)),
        transport_(transport),
        credentials_(credentials),
        clock_(clock) {}

  /// Signs and sends one attempt, and notes what it was made with. Blocks only for credentials. The
  /// host is the operation's data endpoint or the control plane. `readAhead`, `lease`: as
  /// http::Request has them.
  Result<std::unique_ptr<Attempt>> begin(const Operation& operation, const std::string& baseUrl,
                                         std::string body, size_t readAhead,
                                         std::shared_ptr<http::Lease> lease, SentRequest* sent,
                                         const CancelToken& cancel);

  /// Its answer with status 200, whose JSON may still tell of an error, or what an answer that is
  /// an error says; no value while there is none. Never blocks.
  std::optional<Result<Answer>> poll(const Operation& operation, Attempt& attempt,
                                     SentRequest* sent, const CancelToken& cancel) const;

  /// The JSON of an answer. Errors: kDecode, and what a 200 that is none tells of.
  Result<JsonDocument> readJson(const Operation& operation, const Answer& answer) const;

  /// Whether a text of an answer repeats what it was asked with, so that it must not be shown.
  static bool repeatsSecrets(const std::string& text, const Answer& answer);

  /// Completes an error about an answer, or (null) of a request without one.
  Error annotate(Error error, const Operation& operation, const Answer* answer) const;

 private:
  Error withoutCredentials(Error error, const Operation& operation) const;
  Error serviceError(const Operation& operation, const Answer& answer) const;

  const std::string stream_;
  const std::string region_;
  http::Transport& transport_;
  aws::CredentialsProvider& credentials_;
  aws::SigningClock& clock_;
};

}  // namespace kvsarchive::kvs
