// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "http/curl_handles.h"
#include "http/curl_transport.h"
#include "http/message.h"
#include "http/response_head_parser.h"
#include "http/response_stream.h"

struct curl_sockaddr;

namespace kvsarchive::http {

/// One request as libcurl sees it: easy handle and callbacks. Made by the thread that sends; from
/// then on the worker's alone, but for stream(), which the reader shares.
class CurlTransfer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What can't be sent makes a transfer that has failed already, see easy().
  CurlTransfer(Request request, const CurlOptions& options, std::shared_ptr<SlabPool> pool,
               std::shared_ptr<Bell> bell);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  ResponseStream& stream() { return stream_; }

  /// The easy handle; null once the transfer is over.
  void* easy() const { return easy_.get(); }

  /// Goes on after a pause that was made because the reader was behind.
  void resume();

  /// When to give up for want of data, or, while paused, of a reader. Nothing while connecting,
  /// which libcurl limits.
  std::optional<TimePoint> stallDeadline() const;
  /// When to look at that again at the latest: a deadline comes nearer once a lease is wanted.
  std::optional<TimePoint> lookAgainAt(TimePoint now) const;

  // Ways to end. The handle must have left the multi handle before close().
  void complete(int curlCode);
  void failStalled();
  void fail(Error error);
  void abandon();
  void close();

  /// Bytes of the body that came since the last call.
  uint64_t takeReceived() { return bodyBytes_ - std::exchange(bytesTaken_, bodyBytes_); }
  /// Publishes what came, and says whether there is news for the reader since the last call.
  bool takeNews() {
    stream_.publish();
    return std::exchange(news_, false);
  }

 private:
  static size_t onHeaderLine(char* data, size_t size, size_t count, void* self) noexcept;
  static size_t onBody(char* data, size_t size, size_t count, void* self) noexcept;
  static int onSocket(void* self, int purpose, curl_sockaddr* address) noexcept;
  static int onConnected(void* self, char* remoteIp, char* localIp, int remotePort,
                         int localPort) noexcept;

  int configure(const CurlOptions& options);
  void touch();
  void end(std::optional<Error> error);
  void failWith(int curlCode);
  Error brokenOff(const std::string& reason, Recovery recovery) const;
  void logEnd(const std::string& how) const;

  Request request_;
  const std::chrono::milliseconds stallTimeout_;
  const std::chrono::milliseconds restTimeout_;
  bool (*const mayConnect_)(const sockaddr& address);
  const TimePoint started_;
  std::string authority_;
  std::string path_;
  std::array<char, 256> errorText_{};  // as long as CURL_ERROR_SIZE
  Slist headerList_;
  EasyHandle easy_;  // after what it points into

  ResponseHeadParser headParser_;
  ResponseStream stream_;
  bool headRefused_ = false;
  bool addressRefused_ = false;
  bool connected_ = false;
  bool paused_ = false;
  bool news_ = false;
  TimePoint lastByte_{};  ///< or when it was paused, or went on
  uint64_t bodyBytes_ = 0;
  uint64_t bytesTaken_ = 0;
};

}  // namespace kvsarchive::http
