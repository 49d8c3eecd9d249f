// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_transfer.h"

#include <curl/curl.h>
#include <glib.h>
#include <sys/socket.h>

#include <algorithm>

#include "base/log.h"
#include "http/curl_setup.h"
#include "http/url.h"

namespace kvsarchive::http {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// How long a connection may rest that somebody else waits for.
constexpr milliseconds kRestIfWanted{1'000};

/// Whether trying again may help. Not if the service's certificate is not trusted, and not if what
/// is set can't be used: the next attempt would end in the same way.
Recovery recoveryOf(int curlCode) {
  switch (curlCode) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // no HTTP came, for parseUrl() lets nothing else in
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PROXY:
      return Recovery::kRetry;
    default:
      return Recovery::kNone;
  }
}

/// A request id fit for a log: this layer can't know whether another text echoes a secret.
std::string loggable(std::string_view requestId) {
  const std::string id(requestId);
  return id.empty() || g_uuid_string_is_valid(id.c_str()) ? id : "that is no UUID";
}

}  // namespace

CurlTransfer::CurlTransfer(Request request, const CurlOptions& options,
                           std::shared_ptr<SlabPool> pool, std::shared_ptr<Bell> bell)
    : request_(std::move(request)),
      stallTimeout_(options.stallTimeout),
      restTimeout_(options.restTimeout),
      mayConnect_(options.mayConnect),
      started_(steady_clock::now()),
      stream_(request_.readAhead, std::move(pool), std::move(bell)) {
  const Result<Url> url = parseUrl(request_.url);
  const Status sendable = checkSendable(request_);
  if (!url || !sendable) {
    fail(!url ? url.error() : sendable.error());
    return;
  }
  authority_ = url->authority;
  path_ = request_.isPathSecret ? "/***" : url->path;
  headerList_ = makeHeaderList(request_);
  easy_ = makeEasyHandle();
  const int code = easy_ && headerList_ ? configure(options) : CURLE_OUT_OF_MEMORY;
  if (code != CURLE_OK) {
    close();
    fail(brokenOff(curl_easy_strerror(static_cast<CURLcode>(code)), Recovery::kNone));
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
  if (mayConnect_ != nullptr) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &onSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  }
  return setUpRequest(easy, request_, options, headerList_.get());
}

void CurlTransfer::touch() {
  lastByte_ = steady_clock::now();
  news_ = true;
}

int CurlTransfer::onSocket(void* self, int, curl_sockaddr* address) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.addressRefused_ || !transfer.mayConnect_(address->addr)) {
    transfer.addressRefused_ = true;  // for good: libcurl goes on with the host's next address
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int CurlTransfer::onConnected(void* self, char*, char*, int, int) noexcept {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.addressRefused_) {
    return CURL_PREREQFUNC_ABORT;  // an earlier address of the host was connecting meanwhile
  }
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
  if (!connected_) {
    return std::nullopt;
  }
  if (!paused_) {
    return lastByte_ + stallTimeout_;
  }
  const bool isWanted = request_.lease && request_.lease->isWanted();
  return lastByte_ + (isWanted ? std::min(restTimeout_, kRestIfWanted) : restTimeout_);
}

std::optional<CurlTransfer::TimePoint> CurlTransfer::lookAgainAt(TimePoint now) const {
  const auto deadline = stallDeadline();
  return deadline && paused_ && request_.lease ? std::min(*deadline, now + kRestIfWanted)
                                               : deadline;
}

void CurlTransfer::complete(int curlCode) {
  if (curlCode == CURLE_OK && headParser_.complete()) {
    end(std::nullopt);
    logEnd("complete");
  } else if (curlCode == CURLE_OK) {  // libcurl takes headers without an end for an answer
    fail(brokenOff("the connection was closed within the headers", Recovery::kRetry));
  } else {
    failWith(curlCode);
  }
  news_ = true;
}

void CurlTransfer::failWith(int curlCode) {
  const std::string text = errorText_[0] != '\0'
                               ? errorText_.data()
                               : curl_easy_strerror(static_cast<CURLcode>(curlCode));
  long proxyStatus = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &proxyStatus);
  if (addressRefused_) {
    fail(makeError(ErrorKind::kSettings, authority_ + " has an address that may not be asked"));
  } else if (curlCode == CURLE_SSL_CERTPROBLEM) {
    fail(makeError(ErrorKind::kSettings, "the client certificate can't be used: " + text));
  } else if (curlCode == CURLE_SSL_CACERT_BADFILE) {
    fail(makeError(ErrorKind::kSettings, "the CA file can't be used: " + text));
  } else if (text.compare(0, 17, "Unsupported proxy") == 0) {  // libcurl has no code for it
    fail(makeError(ErrorKind::kSettings, "the proxy's URL can't be used"));  // has a password in it
  } else if (headRefused_) {
    fail(brokenOff("its headers are malformed or too long", Recovery::kRetry));
  } else {
    const bool refusedByProxy = proxyStatus >= 400 && proxyStatus < 500;
    fail(brokenOff(text, refusedByProxy ? Recovery::kNone : recoveryOf(curlCode)));
  }
}

void CurlTransfer::failStalled() {
  if (paused_) {
    fail(brokenOff("the connection is given up because nobody reads", Recovery::kResume));
    return;
  }
  fail(brokenOff("no byte came for " + std::to_string(stallTimeout_.count()) + " ms",
                 Recovery::kRetry));
}

void CurlTransfer::end(std::optional<Error> error) {
  stream_.publish();
  stream_.finish(std::move(error));
}

void CurlTransfer::fail(Error error) {
  logEnd(error.message);
  end(std::move(error));
  news_ = true;
}

void CurlTransfer::abandon() {
  logEnd("given up by the reader");
  end(cancelledError());
}

void CurlTransfer::close() {
  easy_.reset();
  request_.lease.reset();
}

Error CurlTransfer::brokenOff(const std::string& reason, Recovery recovery) const {
  Error error = makeError(ErrorKind::kOpenRead, "no answer from " + authority_ + ": " + reason);
  if (headParser_.complete()) {
    error = makeError(ErrorKind::kRead, "the answer from " + authority_ + " broke off after " +
                                            std::to_string(bodyBytes_) + " bytes: " + reason);
  }
  error.recovery = recovery;
  return error;
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
                 loggable(findHeader(head.headers, "x-amzn-RequestId")) + ", " + how);
}

}  // namespace kvsarchive::http
