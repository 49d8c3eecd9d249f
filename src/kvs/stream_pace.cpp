// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/stream_pace.h"

#include <algorithm>
#include <utility>

#include "base/shared_by_name.h"

namespace kvsarchive::kvs {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

/// Together with the costliest request, which may overdraw, no more than the published quota within
/// any second: it is not known how the service counts.
struct Bucket {
  double perSecond;
  double least;  ///< however much the stream is slowed down
  double most;   ///< saved up
};
constexpr std::array<Bucket, StreamPace::kQuotas> kBuckets{{
    {3, 2, 1.5},            // of 5 GetDataEndpoint
    {4'000, 1'000, 5'000},  // of 10,000 fragment metadata points, 1000 a request: few, but at once
    {430, 50, 20},          // of 500 fragment media points, 50 a request
}};

constexpr double kLeastRate = 1.0 / 8;
constexpr double kRateStep = 1.0 / 8;
/// Requests that were under way together are refused together.
constexpr milliseconds kOneEvent{500};
constexpr milliseconds kFirstRaise{2'000};
constexpr milliseconds kLastRaise{60'000};
/// Whoever waits longest has the first claim to a free connection for so long: it may be held up
/// downstream.
constexpr milliseconds kClaim{100};
constexpr milliseconds kRest{1'000};

double perSecond(size_t quota, double rate) {
  return std::max(kBuckets[quota].least, kBuckets[quota].perSecond * rate);
}

size_t indexOf(StreamPace::Quota quota) { return static_cast<size_t>(quota); }

}  // namespace

std::shared_ptr<StreamPace> StreamPace::of(const std::string& stream) {
  static SharedByName<StreamPace> known;
  return known.get(stream, [] { return std::shared_ptr<StreamPace>(new StreamPace()); });
}

StreamPace::StreamPace() {
  auto shared = shared_.lock();
  for (size_t i = 0; i < kQuotas; ++i) {
    shared->points[i] = kBuckets[i].most;
  }
  shared->filledAt = steady_clock::now();
  shared->raiseAfter = kFirstRaise;
}

void StreamPace::fill(Shared& shared, TimePoint now) {
  const double seconds = Seconds(now - shared.filledAt).count();
  if (seconds <= 0) {
    return;
  }
  shared.filledAt = now;
  for (size_t i = 0; i < kQuotas; ++i) {
    const double most = kBuckets[i].most * shared.rate;
    const double filled = shared.points[i] + seconds * perSecond(i, shared.rate);
    shared.points[i] = std::min(most, filled);
  }
}

/// Without news of throttling a little more is tried from time to time, less and less often if that
/// goes wrong.
void StreamPace::recover(Shared& shared, TimePoint now) {
  const bool isFull = shared.rate >= 1 && shared.limit == shared.maxConnections;
  if (isFull || !shared.throttledAt ||
      now - std::max(shared.raisedAt, *shared.throttledAt) < shared.raiseAfter) {
    return;
  }
  shared.raisedAt = now;
  shared.rate = std::min(1.0, shared.rate + kRateStep);
  shared.limit = std::min(shared.maxConnections, shared.limit + 1);
}

/// A free connection is for the member that has waited longest. One that does not come for it is
/// out of the line until it asks again.
bool StreamPace::isTurnOf(Shared& shared, Member& member, TimePoint now) {
  Member* first = nullptr;
  for (Member* other : shared.members) {
    if (other->waitingSince_ && (!first || *other->waitingSince_ < *first->waitingSince_)) {
      first = other;
    }
  }
  if (first == nullptr || first == &member) {
    return true;
  }
  if (now - std::max(shared.freeSince, *first->waitingSince_) < kClaim) {
    return false;
  }
  first->waitingSince_.reset();
  return isTurnOf(shared, member, now);
}

void StreamPace::giveBack() {
  auto shared = shared_.lock();
  --shared->connections;
  shared->freeSince = steady_clock::now();
  for (Member* member : shared->members) {
    if (member->waitingSince_) {
      member->bell_.ring();
    }
  }
}

bool StreamPace::isConnectionWanted() {
  auto shared = shared_.lock();
  return std::any_of(shared->members.begin(), shared->members.end(),
                     [](const Member* member) { return member->waitingSince_.has_value(); });
}

/// One of the stream's connections.
class StreamPace::ConnectionLease : public http::Lease {
 public:
  explicit ConnectionLease(std::shared_ptr<StreamPace> pace) : pace_(std::move(pace)) {}
  ~ConnectionLease() override { pace_->giveBack(); }

  bool isWanted() const override { return pace_->isConnectionWanted(); }

 private:
  const std::shared_ptr<StreamPace> pace_;
};

StreamPace::Member::Member(std::shared_ptr<StreamPace> pace, Bell& bell, unsigned maxConnections)
    : pace_(std::move(pace)), bell_(bell), maxConnections_(maxConnections) {
  auto shared = pace_->shared_.lock();
  shared->members.push_back(this);
  if (maxConnections > shared->maxConnections) {
    shared->limit += maxConnections - shared->maxConnections;
    shared->maxConnections = maxConnections;
  }
}

StreamPace::Member::~Member() {
  auto shared = pace_->shared_.lock();
  shared->members.remove(this);
  shared->maxConnections = kConnections;
  for (const Member* other : shared->members) {
    shared->maxConnections = std::max(shared->maxConnections, other->maxConnections_);
  }
  shared->limit = std::min(shared->limit, shared->maxConnections);
}

bool StreamPace::Member::hasRested(TimePoint now) {
  auto shared = pace_->shared_.lock();
  recover(*shared, now);
  return shared->rate >= 1 && (!shared->mediaSpentAt || now - *shared->mediaSpentAt >= kRest);
}

StreamPace::Admission StreamPace::Member::admit(const Cost& cost, TimePoint now) {
  auto shared = pace_->shared_.lock();
  recover(*shared, now);
  fill(*shared, now);
  Admission admission;
  if (cost.connection && (shared->connections >= shared->limit || !isTurnOf(*shared, *this, now))) {
    waitingSince_ = waitingSince_.value_or(now);
    admission.askAgain = now + kClaim;
    admission.noConnection = true;
    return admission;
  }
  // What is overdrawn is waited for by the next request, so that costly ones get their turn too.
  double& points = shared->points[indexOf(cost.quota)];
  if (points <= 0) {
    const double refill = perSecond(indexOf(cost.quota), shared->rate);
    const auto wait = std::chrono::ceil<milliseconds>(Seconds(-points / refill));
    admission.askAgain = now + wait + milliseconds(1);
    return admission;
  }
  points -= cost.points;
  if (cost.quota == Quota::kMediaPoints) {
    shared->mediaSpentAt = now;
  }
  admission.admitted = true;
  if (cost.connection) {
    waitingSince_.reset();
    ++shared->connections;
    admission.lease = std::make_shared<ConnectionLease>(pace_);
  }
  return admission;
}

void StreamPace::Member::throttled(bool tooManyConnections, TimePoint now) {
  auto shared = pace_->shared_.lock();
  if (shared->throttledAt && now - *shared->throttledAt < kOneEvent) {
    return;
  }
  const bool tooSoon = now - shared->raisedAt < 2 * shared->raiseAfter;
  shared->raiseAfter = tooSoon ? std::min(2 * shared->raiseAfter, kLastRaise) : kFirstRaise;
  shared->throttledAt = now;
  shared->limit = std::max(1U, shared->limit - 1);
  if (tooManyConnections) {  // those that are in use were not too many
    shared->limit = std::max(1U, std::min(shared->limit, shared->connections));
    return;
  }
  fill(*shared, now);
  shared->rate = std::max(kLeastRate, shared->rate / 2);
  for (double& points : shared->points) {
    points = std::min(points, 0.0);
  }
}

StreamPace::State StreamPace::Member::state(TimePoint now) {
  auto shared = pace_->shared_.lock();
  recover(*shared, now);
  return {shared->rate, shared->limit, shared->connections};
}

}  // namespace kvsarchive::kvs
