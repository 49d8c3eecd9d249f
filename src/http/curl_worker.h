// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/bell.h"
#include "base/guarded.h"
#include "base/slab_pool.h"
#include "http/curl_handles.h"
#include "http/curl_transfer.h"

namespace kvsarchive::http {

/// The thread that drives all transfers of one transport, and the only one that calls libcurl for
/// them. Others talk to it by commands that it takes up at once. Started by the first transfer.
class CurlWorker {
 public:
  /// Rings `bell` for all news of its transfers, and trims `pool`.
  CurlWorker(std::shared_ptr<Bell> bell, std::shared_ptr<SlabPool> pool);
  ~CurlWorker();
  CurlWorker(const CurlWorker&) = delete;
  CurlWorker& operator=(const CurlWorker&) = delete;

  // Any thread; none of these blocks.
  void add(std::shared_ptr<CurlTransfer> transfer);
  void resume(std::shared_ptr<CurlTransfer> transfer);
  /// Forgets the transfer and closes its connection, unless it is over already.
  void remove(std::shared_ptr<CurlTransfer> transfer);

  /// Ends all transfers with an error and joins the thread, within milliseconds.
  void stop();

 private:
  struct Command {
    enum class Kind { kAdd, kResume, kRemove };
    Kind kind;
    std::shared_ptr<CurlTransfer> transfer;
  };
  struct Inbox {
    std::vector<Command> commands;
    std::thread thread;
    bool stopping = false;
  };

  void post(Command command);

  // The worker thread's.
  void run();
  bool executeCommands();
  void execute(const Command& command);
  void start(const std::shared_ptr<CurlTransfer>& transfer);
  void reapCompleted();
  void failStalled(CurlTransfer::TimePoint now);
  void failAll(const Error& error);
  void detach(CurlTransfer& transfer);
  void ringForNews();
  void letMoreCome();
  int pollTimeoutMs(std::chrono::milliseconds longest) const;

  const std::shared_ptr<Bell> bell_;
  const std::shared_ptr<SlabPool> pool_;
  MultiHandle multi_;
  Guarded<Inbox> inbox_;
  std::unordered_map<void*, std::shared_ptr<CurlTransfer>> active_;  // by easy handle
  bool news_ = false;                                                // of transfers that are over
};

}  // namespace kvsarchive::http
