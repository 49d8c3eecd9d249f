// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/manifest_fetch.h"

#include <utility>

#include "base/log.h"
#include "kvs/service_error.h"
#include "session/manifest.h"

namespace kvsarchive::session {
namespace {

constexpr size_t kMaxBytes = size_t{16} << 20;  // 5000 fragments of two tracks have about 1.5 MB
constexpr size_t kMaxErrorBytes = size_t{64} << 10;
constexpr int kGood = 200;

http::Request requestFor(const SecretUrl& url) {
  http::Request request;
  request.method = "GET";
  request.url = url.text();
  return request;
}

}  // namespace

ManifestFetch::ManifestFetch(kvs::ArchivedMediaClient& client, http::Transport& transport,
                             kvs::SessionProtocol protocol, const char* operation, SecretUrl url)
    : client_(client),
      transport_(transport),
      protocol_(protocol),
      operation_(operation),
      url_(std::move(url)),
      budget_(client.newRetryBudget()) {}

Result<std::string> ManifestFetch::fetch(const CancelToken& cancel) {
  for (;;) {
    auto manifest = attempt(cancel);
    if (manifest || manifest.error().kind == ErrorKind::kCancelled) {
      return manifest;
    }
    exchange_.reset();
    const Error& error = manifest.error();
    const auto delay = budget_.next(error.recovery);
    if (!delay) {
      return http::givenUp(error, budget_);
    }
    client_.countRetry(error);
    log::write(log::Level::kWarning, log::Area::kClient,
               error.operation + " failed, trying again in " + std::to_string(delay->count()) +
                   " ms, after " + std::to_string(budget_.attempts()) +
                   " attempts: " + error.message);
    if (!cancel.sleepFor(*delay)) {
      return cancelledError();
    }
  }
}

Result<std::string> ManifestFetch::attempt(const CancelToken& cancel) {
  if (!exchange_) {
    head_.reset();
    text_.clear();
    exchange_ = transport_.send(requestFor(url_));
  }
  const Status received = receive(cancel);
  if (!received) {
    return received.error().kind == ErrorKind::kCancelled ? received.error()
                                                          : annotate(received.error());
  }
  return judge();
}

/// An error's body only as far as it is good for a message.
Status ManifestFetch::receive(const CancelToken& cancel) {
  if (!head_) {
    auto head = exchange_->head(cancel);
    if (!head) {
      return head.error();
    }
    head_ = std::move(*head);
  }
  const bool isGood = head_->status == kGood;
  const size_t most = isGood ? kMaxBytes : kMaxErrorBytes;
  while (text_.size() <= most) {
    const auto bytes = exchange_->read(cancel);
    if (!bytes) {
      return bytes.error();
    }
    if (bytes->empty()) {
      return {};
    }
    text_.append(bytes->view());
  }
  return isGood ? makeError(ErrorKind::kDecode,
                            "the manifest is longer than " + std::to_string(kMaxBytes) + " bytes")
                : Status();
}

Result<std::string> ManifestFetch::judge() {
  if (head_->status != kGood) {
    return annotate(kvs::decodeServiceError(*head_, text_));
  }
  if (!isManifest(text_, protocol_)) {
    Error error = makeError(ErrorKind::kDecode, "the answer is not a manifest");
    error.recovery = Recovery::kRetry;  // cut, or made by something in between
    return annotate(std::move(error));
  }
  exchange_.reset();
  return std::move(text_);
}

Error ManifestFetch::annotate(Error error) const {
  error.operation = operation_;
  error.stream = client_.stream().text();
  if (head_) {
    error.httpStatus = head_->status;
    error.requestId = url_.redacted(kvs::requestIdOf(*head_));
  }
  error.message = url_.redacted(error.message);
  error.awsCode = url_.redacted(error.awsCode);
  // Keys, endpoint and clock are no part of this request.
  const bool mayPass = error.recovery == Recovery::kRetry || error.recovery == Recovery::kThrottle;
  error.recovery = mayPass ? error.recovery : Recovery::kNone;
  return error;
}

}  // namespace kvsarchive::session
