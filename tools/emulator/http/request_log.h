// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace kvsemulator {

/// What is remembered of one request; nothing that is secret.
struct LogEntry {
  int64_t timeMs = 0;
  uint64_t connection = 0;
  std::string operation;  ///< or method and path of what is no operation
  std::string stream;
  int status = 0;
  std::string errorCode;
  int64_t maxResults = 0;
  std::vector<std::string> fragments;
  std::vector<std::string> faults;  ///< kinds that were applied
  uint64_t bytes = 0;               ///< of the body, sent so far
  bool complete = false;            ///< the answer was sent to its end
  bool finished = false;            ///< nothing more is going to be sent
  bool listed = false;              ///< in the log; requests to the emulator itself are not
};

std::string toJson(const LogEntry& entry);

/// All requests, for tests to look at. Lines go to a file or, shorter, to
/// stderr as requests finish.
class RequestLog {
 public:
  RequestLog() = default;
  ~RequestLog();
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  /// Returns false if the file can't be written.
  bool openFile(const std::string& path);
  /// A request begins; it can be seen in entries() at once.
  void begin(const std::shared_ptr<LogEntry>& entry);
  void finish(LogEntry& entry);
  const std::deque<std::shared_ptr<LogEntry>>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

 private:
  std::FILE* file_ = nullptr;
  std::deque<std::shared_ptr<LogEntry>> entries_;
};

}  // namespace kvsemulator
