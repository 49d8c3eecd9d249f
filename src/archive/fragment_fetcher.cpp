// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/fragment_fetcher.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace kvsarchive::archive {
namespace {

/// Less is not worth a connection's going on, where there is enough at all.
constexpr uint64_t kLeastAllowed = uint64_t{256} << 10;
constexpr uint64_t kLeastPart = 16;
/// What the first batch may always receive, lest nothing goes on.
constexpr uint64_t kFirstAllowed = uint64_t{1} << 20;
/// Most of what is listed is handed on or not received yet at any time.
constexpr uint64_t kOvercommit = 2;
/// Smaller ones are hardly worth a request.
constexpr uint64_t kLeastBatch = uint64_t{4} << 20;
/// Chunks may be larger than listed.
constexpr uint64_t kSlack = uint64_t{1} << 20;
/// Another element may have been before the first batch in the line for the connection it got free.
constexpr std::chrono::seconds kFreeAgain{1};

/// None asks before those ahead of it have. `oneWaits`: of these.
bool mayGoOn(const BatchFetch& batch, bool oneWaits) { return batch.hasAsked() || !oneWaits; }

}  // namespace

FragmentFetcher::FragmentFetcher(kvs::ArchivedMediaClient& client, const RangeTrim& trim,
                                 const FetchLimits& limits)
    : context_{client, trim, {}}, limits_(limits) {}

/// Large batches have fewer pauses between them. When each is a step behind the one before, they
/// hold (n-1)/2 batches at the most, and 9/10 of the limit.
uint64_t FragmentFetcher::batchBytes(std::optional<uint64_t> left) const {
  const uint64_t others = limits_.connections - 1;
  const uint64_t half = limits_.prefetchBytes / 2;
  const uint64_t share =
      others == 0 ? half : std::min(half, limits_.prefetchBytes * 9 / (5 * others));
  // The first ones are shorter, so that not all end at the same time.
  const uint64_t bytes =
      started_ < limits_.connections ? share * (started_ + 1) / limits_.connections : share;
  // And so are the last ones, so that all do.
  return left ? std::min(bytes, std::max(kLeastBatch, *left / limits_.connections)) : bytes;
}

bool FragmentFetcher::canStart(uint64_t firstBytes) const {
  if (batches_.empty()) {
    return true;
  }
  const auto receiving = std::count_if(batches_.begin(), batches_.end(),
                                       [](const auto& batch) { return batch->receiving(); });
  return receiving < limits_.connections &&
         listedBehindFirst() + firstBytes <= kOvercommit * limits_.prefetchBytes &&
         heldBytes() + 2 * leastAllowed() <= limits_.prefetchBytes;
}

uint64_t FragmentFetcher::leastAllowed() const {
  return std::min(kLeastAllowed, limits_.prefetchBytes / kLeastPart);
}

uint64_t FragmentFetcher::listedBehindFirst() const {
  uint64_t listed = 0;
  for (size_t i = 1; i < batches_.size(); ++i) {
    listed += batches_[i]->listedBytes();
  }
  return listed;
}

void FragmentFetcher::start(std::vector<kvs::Fragment> batch) {
  batches_.push_back(std::make_unique<BatchFetch>(context_, std::move(batch)));
  ++started_;
  busy_ = true;
  allowAll();
}

void FragmentFetcher::clear() {
  batches_.clear();
  started_ = 0;
  busy_ = false;
  wakeAt_.reset();
  freedAt_.reset();
}

std::optional<Result<FetchEvent>> FragmentFetcher::poll(const CancelToken& cancel) {
  if (batches_.empty()) {
    return std::nullopt;
  }
  const uint64_t count = context_.client.bell().count();
  const bool isDue = wakeAt_ && std::chrono::steady_clock::now() >= *wakeAt_;
  if (busy_ || isDue || count != steppedAt_) {
    steppedAt_ = count;
    const Status stepped = stepAll(cancel);
    if (!stepped) {
      return Result<FetchEvent>(stepped.error());
    }
  }
  BatchFetch& first = *batches_.front();
  for (;;) {
    if (auto event = first.take()) {
      if (std::holds_alternative<BatchEnd>(*event)) {
        popFirst();
      }
      return Result<FetchEvent>(std::move(*event));
    }
    if (first.failed()) {
      return Result<FetchEvent>(*first.failed());
    }
    const auto stepped = first.step(cancel);
    if (!stepped) {
      return Result<FetchEvent>(stepped.error());
    }
    allowAll();
    if (!*stepped) {
      return std::nullopt;
    }
  }
}

/// One step of each batch that may go on. But what the first receives is left to the moment when it
/// is needed.
Status FragmentFetcher::stepAll(const CancelToken& cancel) {
  busy_ = false;
  bool oneWaits = false;
  for (const auto& batch : batches_) {
    const bool isLeft = batch == batches_.front() && batch->hasAsked();
    if (isLeft || !mayGoOn(*batch, oneWaits)) {
      continue;
    }
    const auto stepped = batch->step(cancel);
    if (!stepped) {
      busy_ = true;
      return stepped.error();
    }
    busy_ = busy_ || *stepped;
    oneWaits = oneWaits || batch->waitsForQuota();
  }
  allowAll();
  return {};
}

/// The first batch must not wait for others that wait for it; one of theirs is enough.
void FragmentFetcher::freeConnection() {
  if (!batches_.front()->waitsForConnection()) {
    freedAt_.reset();
    return;
  }
  const auto now = std::chrono::steady_clock::now();
  if (freedAt_ && now - *freedAt_ < kFreeAgain) {
    return;
  }
  const auto paused = std::find_if(batches_.rbegin(), batches_.rend(),
                                   [](const auto& batch) { return batch->isPaused(); });
  if (paused != batches_.rend()) {
    (*paused)->giveUpConnection();
    freedAt_ = now;
  }
}

void FragmentFetcher::popFirst() {
  batches_.pop_front();
  if (!batches_.empty()) {
    batches_.front()->forgiveOldFailure();
  }
  allowAll();
}

/// Shares out what is free: half of it to the first batch that receives, half of the rest to the
/// next, and so on.
void FragmentFetcher::allowAll() {
  const uint64_t held = heldBytes();
  uint64_t free = limits_.prefetchBytes - std::min<uint64_t>(limits_.prefetchBytes, held);
  for (const auto& batch : batches_) {
    if (!batch->receiving()) {
      continue;
    }
    const bool isFirst = batch == batches_.front();
    uint64_t allowed = std::min(free / 2, batch->missingBytes() + kSlack);
    if (isFirst) {
      allowed = std::max(allowed, kFirstAllowed);
    } else if (allowed < leastAllowed()) {
      allowed = 0;
    }
    batch->allow(allowed);
    free -= std::min(free, allowed);
  }
  if (!batches_.empty()) {
    freeConnection();
  }
  planWakeUp();
}

/// For those that may go on: others would be due again at once.
void FragmentFetcher::planWakeUp() {
  wakeAt_.reset();
  bool oneWaits = false;
  for (const auto& batch : batches_) {
    if (mayGoOn(*batch, oneWaits)) {
      wakeAt_ = earlier(wakeAt_, batch->wakeAt());
    }
    oneWaits = oneWaits || batch->waitsForQuota();
  }
}

std::vector<ConnectionStats> FragmentFetcher::connections() const {
  std::vector<ConnectionStats> connections;
  for (const auto& batch : batches_) {
    if (auto connection = batch->connection()) {
      connections.push_back(std::move(*connection));
    }
  }
  return connections;
}

size_t FragmentFetcher::outstandingBytes() const { return heldBytes() + waitingBytes(); }

size_t FragmentFetcher::waitingBytes() const {
  size_t waiting = 0;
  for (const auto& batch : batches_) {
    waiting += batch->waitingBytes();
  }
  return waiting;
}

/// Of what was received only that which was taken: the rest is within what is allowed.
size_t FragmentFetcher::heldBytes() const {
  size_t held = 0;
  for (const auto& batch : batches_) {
    held += batch->heldBytes();
  }
  return held;
}

}  // namespace kvsarchive::archive
