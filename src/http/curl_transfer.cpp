// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_transfer.h"

#include <curl/curl.h>

#include "base/log.h"
#include "http/curl_setup.h"
#include "http/url.h"

namespace kvsarchive::http {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

CurlTransfer::CurlTransfer(Request request, const CurlOptions& options,
                           std::shared_ptr<SlabPool> pool)
    : request_(std::move(request)),
      stallTimeout_(options.stallTimeout),
      started_(steady_clock::now()),
      stream_(request_.readAhead, std::move(pool)) {
  const Result<Url> url = parseUrl(request_.url);
  const Status sendable = checkSendable(request_);
  if (!url || !sendable) {
    fail(!url ? url.error() : sendable.error());
    return;
  }
  authority_ = url->authority;
  path_ = url->path;
  headerList_ = makeHeaderList(request_);
  easy_ = makeEasyHandle();
  const int code = easy_ && headerList_ ? configure(options) : CURLE_OUT_OF_MEMORY;
  if (code != CURLE_OK) {
    close();
    fail(brokenOff(curl_easy_strerror(static_cast<CURLcode>(code))));
    return;
  }
  if (log::enabled(log::Level::kTrace, log::Area::kHttp)) {
    log::write(log::Level::kTrace, log::Area::kHttp, describe(request_));
  }
}

int CurlTransfer::configure(const CurlOptions& options) {
  static_assert(std::tuple_size<decltype(errorText_)>::value >= CURL_ERROR_SIZE);
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, errorText_.data());
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &onHeaderLine);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &onBody);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &onConnected);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
  return setUpRequest(easy, request_, options, headerList_.get());
}

void CurlTransfer::touch() {
  lastByte_ = steady_clock::now();
  news_ = true;
}

int CurlTransfer::onConnected(void* self, char*, char*, int, int) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.connected_ = true;
  transfer.touch();
  return CURL_PREREQFUNC_OK;
}

size_t CurlTransfer::onHeaderLine(char* data, size_t size, size_t count, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.touch();
  const bool trailers = transfer.headParser_.complete();
  if (!transfer.headParser_.addLine({data, size * count})) {
    transfer.headRefused_ = true;
    return 0;
  }
  if (!trailers && transfer.headParser_.complete()) {
    transfer.stream_.setHead(transfer.headParser_.head());
  }
  return size * count;
}

size_t CurlTransfer::onBody(char* data, size_t size, size_t count, void* self) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.touch();
  if (!transfer.stream_.append({data, size * count})) {
    transfer.paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  transfer.bodyBytes_ += size * count;
  return size * count;
}

void CurlTransfer::resume() {
  if (paused_) {
    paused_ = false;
    lastByte_ = steady_clock::now();
    // What fails in here, fails again in the next curl_multi_perform(), which reports it.
    curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  }
}

std::optional<CurlTransfer::TimePoint> CurlTransfer::stallDeadline() const {
  if (!connected_ || paused_) {
    return std::nullopt;
  }
  return lastByte_ + stallTimeout_;
}

void CurlTransfer::complete(int curlCode) {
  if (curlCode == CURLE_OK && headParser_.complete()) {
    stream_.finish(std::nullopt);
    logEnd("complete");
  } else if (curlCode == CURLE_OK) {  // libcurl takes headers without an end for an answer
    fail(brokenOff("the connection was closed within the headers"));
  } else if (curlCode == CURLE_SSL_CACERT_BADFILE) {
    fail(makeError(ErrorKind::kSettings,
                   "the CA file can't be used: " + std::string(errorText_.data())));
  } else if (headRefused_) {
    fail(brokenOff("its headers are malformed or too long"));
  } else {
    const bool hasText = errorText_[0] != '\0';
    fail(brokenOff(hasText ? errorText_.data()
                           : curl_easy_strerror(static_cast<CURLcode>(curlCode))));
  }
  news_ = true;
}

void CurlTransfer::failStalled() {
  fail(brokenOff("no byte came for " + std::to_string(stallTimeout_.count()) + " ms"));
}

void CurlTransfer::fail(Error error) {
  logEnd(error.message);
  stream_.finish(std::move(error));
  news_ = true;
}

void CurlTransfer::abandon() {
  logEnd("given up by the reader");
  stream_.finish(cancelledError());
}

void CurlTransfer::publish() {
  if (news_) {
    news_ = false;
    stream_.wakeReader();
  }
}

Error CurlTransfer::brokenOff(const std::string& reason) const {
  if (!headParser_.complete()) {
    return makeError(ErrorKind::kOpenRead, "no answer from " + authority_ + ": " + reason);
  }
  return makeError(ErrorKind::kRead, "the answer from " + authority_ + " broke off after " +
                                         std::to_string(bodyBytes_) + " bytes: " + reason);
}

void CurlTransfer::logEnd(const std::string& how) const {
  if (!log::enabled(log::Level::kInfo, log::Area::kHttp)) {
    return;
  }
  const auto elapsed = duration_cast<milliseconds>(steady_clock::now() - started_);
  const ResponseHead& head = headParser_.head();
  log::write(log::Level::kInfo, log::Area::kHttp,
             request_.method + " " + path_ + " to " + authority_ + ": status " +
                 std::to_string(head.status) + ", " + std::to_string(elapsed.count()) + " ms, " +
                 std::to_string(bodyBytes_) + " bytes, request id " +
                 std::string(findHeader(head.headers, "x-amzn-RequestId")) + ", " + how);
}

}  // namespace kvsarchive::http
