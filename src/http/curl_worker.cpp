// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_worker.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <utility>

namespace kvsarchive::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr long kMaxIdleConnections = 32;
constexpr size_t kWorthwhile = size_t{256} << 10;
constexpr milliseconds kShortWait{1};
constexpr milliseconds kIdlePoll = std::chrono::hours(1);

Error closedError() { return makeError(ErrorKind::kOpenRead, "the connection was shut down"); }

void prepareThread() {
  pthread_setname_np(pthread_self(), "kvs-http");
  // With NOSIGNAL libcurl leaves SIGPIPE alone, which TLS can raise on a connection that is gone.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

CurlWorker::CurlWorker(std::shared_ptr<Bell> bell, std::shared_ptr<SlabPool> pool)
    : bell_(std::move(bell)), pool_(std::move(pool)), multi_(makeMultiHandle()) {
  if (multi_) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxIdleConnections);
  }
}

CurlWorker::~CurlWorker() { stop(); }

void CurlWorker::add(std::shared_ptr<CurlTransfer> transfer) {
  post({Command::Kind::kAdd, std::move(transfer)});
}

void CurlWorker::resume(std::shared_ptr<CurlTransfer> transfer) {
  post({Command::Kind::kResume, std::move(transfer)});
}

void CurlWorker::remove(std::shared_ptr<CurlTransfer> transfer) {
  post({Command::Kind::kRemove, std::move(transfer)});
}

void CurlWorker::post(Command command) {
  {
    auto inbox = inbox_.lock();
    if (!multi_ || inbox->stopping) {
      command.transfer->stream().finish(closedError());
      bell_->ring();
      return;
    }
    inbox->commands.push_back(std::move(command));
    if (!inbox->thread.joinable()) {
      inbox->thread = std::thread(&CurlWorker::run, this);
    }
  }
  curl_multi_wakeup(multi_.get());
}

void CurlWorker::stop() {
  std::thread thread;
  {
    auto inbox = inbox_.lock();
    inbox->stopping = true;
    thread = std::move(inbox->thread);
  }
  if (thread.joinable()) {
    curl_multi_wakeup(multi_.get());
    thread.join();
  }
}

void CurlWorker::run() {
  prepareThread();
  while (executeCommands()) {
    // Before the sockets are read: data that waits there must not look like a stall because this
    // thread was late.
    const auto now = steady_clock::now();
    int running = 0;
    const CURLMcode code = curl_multi_perform(multi_.get(), &running);
    if (code != CURLM_OK) {
      failAll(makeError(ErrorKind::kOpenRead, curl_multi_strerror(code)));
    }
    reapCompleted();
    failStalled(now);
    ringForNews();
    letMoreCome();
    const milliseconds longest = pool_->trim() ? SlabPool::kMemory : kIdlePoll;
    curl_multi_poll(multi_.get(), nullptr, 0, pollTimeoutMs(longest), nullptr);
  }
  failAll(closedError());
  ringForNews();
}

bool CurlWorker::executeCommands() {
  std::vector<Command> commands;
  bool stopping = false;
  {
    auto inbox = inbox_.lock();
    commands.swap(inbox->commands);
    stopping = inbox->stopping;
  }
  for (const Command& command : commands) {
    execute(command);
  }
  return !stopping;
}

void CurlWorker::execute(const Command& command) {
  CurlTransfer& transfer = *command.transfer;
  if (command.kind == Command::Kind::kAdd) {
    start(command.transfer);
  } else if (transfer.easy() != nullptr && command.kind == Command::Kind::kResume) {
    transfer.resume();
  } else if (transfer.easy() != nullptr) {
    transfer.abandon();
    detach(transfer);
  }
}

void CurlWorker::start(const std::shared_ptr<CurlTransfer>& transfer) {
  const CURLMcode code = curl_multi_add_handle(multi_.get(), transfer->easy());
  if (code == CURLM_OK) {
    active_.emplace(transfer->easy(), transfer);
    return;
  }
  transfer->fail(makeError(ErrorKind::kOpenRead, curl_multi_strerror(code)));
  transfer->close();
  news_ = true;
}

void CurlWorker::reapCompleted() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    const auto found = active_.find(message->easy_handle);
    if (message->msg == CURLMSG_DONE && found != active_.end()) {
      found->second->complete(message->data.result);
      detach(*found->second);
    }
  }
}

void CurlWorker::failStalled(CurlTransfer::TimePoint now) {
  std::vector<std::shared_ptr<CurlTransfer>> stalled;
  for (const auto& [easy, transfer] : active_) {
    const auto deadline = transfer->stallDeadline();
    if (deadline && *deadline <= now) {
      stalled.push_back(transfer);
    }
  }
  for (const auto& transfer : stalled) {
    transfer->failStalled();
    detach(*transfer);
  }
}

void CurlWorker::failAll(const Error& error) {
  while (!active_.empty()) {
    const std::shared_ptr<CurlTransfer> transfer = active_.begin()->second;
    transfer->fail(error);
    detach(*transfer);
  }
}

/// The end of a transfer: its handle goes, and its reader hears of it.
void CurlWorker::detach(CurlTransfer& transfer) {
  void* const easy = transfer.easy();
  curl_multi_remove_handle(multi_.get(), easy);
  transfer.close();
  news_ = true;
  active_.erase(easy);  // may be the last owner
}

void CurlWorker::ringForNews() {
  bool news = std::exchange(news_, false);
  for (const auto& [easy, transfer] : active_) {
    news = transfer->takeNews() || news;
  }
  if (news) {
    bell_->ring();
  }
}

/// To be woken for each packet costs more than to receive it.
void CurlWorker::letMoreCome() {
  uint64_t received = 0;
  for (const auto& [easy, transfer] : active_) {
    received += transfer->takeReceived();
  }
  if (received > 0 && received < kWorthwhile) {
    std::this_thread::sleep_for(kShortWait);
  }
}

int CurlWorker::pollTimeoutMs(milliseconds longest) const {
  const auto now = steady_clock::now();
  milliseconds timeout = longest;
  for (const auto& [easy, transfer] : active_) {
    if (const auto at = transfer->lookAgainAt(now)) {
      timeout = std::min(timeout, std::chrono::ceil<milliseconds>(*at - now));
    }
  }
  return static_cast<int>(std::max(timeout, milliseconds(0)).count());
}

}  // namespace kvsarchive::http
