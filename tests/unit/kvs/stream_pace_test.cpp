// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/stream_pace.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>
#include <vector>

namespace kvsarchive::kvs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Quota = StreamPace::Quota;
using TimePoint = StreamPace::TimePoint;

const StreamPace::Cost kPage{Quota::kMetadataPoints, 1000, false};
const StreamPace::Cost kFragment{Quota::kMediaPoints, 1, true};

/// The service's own account, at its strictest: what came within the last second.
class Service {
 public:
  explicit Service(double perSecond) : perSecond_(perSecond) {}

  bool accepts(double points, TimePoint now) {
    while (!came_.empty() && now - came_.front().first >= seconds(1)) {
      sum_ -= came_.front().second;
      came_.pop_front();
    }
    came_.emplace_back(now, points);
    sum_ += points;
    return sum_ <= perSecond_;
  }

 private:
  double perSecond_;
  double sum_ = 0;
  std::deque<std::pair<TimePoint, double>> came_;
};

class Pace : public testing::Test {
 protected:
  StreamPace::Member& member(size_t index = 0, unsigned maxConnections = 4) {
    while (members_.size() <= index) {
      bells_.push_back(std::make_unique<Bell>());
      members_.push_back(
          std::make_unique<StreamPace::Member>(pace_, *bells_.back(), maxConnections));
    }
    return *members_[index];
  }

  /// Requests that one member may make from now on within so long, asked for as soon as it is told.
  int countAdmitted(const StreamPace::Cost& cost, milliseconds duration,
                    Service* service = nullptr) {
    int admitted = 0;
    for (const TimePoint end = now_ + duration; now_ < end;) {
      const auto admission = member().admit(cost, now_);
      if (!admission.admitted) {
        EXPECT_GT(admission.askAgain, now_);
        now_ = std::min(end, admission.askAgain);
        continue;
      }
      ++admitted;
      EXPECT_TRUE(service == nullptr || service->accepts(cost.points, now_));
    }
    return admitted;
  }

  std::shared_ptr<StreamPace> pace_ = StreamPace::of("stream of this test");
  std::vector<std::unique_ptr<Bell>> bells_;
  std::vector<std::unique_ptr<StreamPace::Member>> members_;
  TimePoint now_ = std::chrono::steady_clock::now() + seconds(1);
};

TEST_F(Pace, IsSharedByAllWhoNameTheStreamAlike) {
  EXPECT_EQ(StreamPace::of("stream of this test"), pace_);
  EXPECT_NE(StreamPace::of("another"), pace_);
  const std::weak_ptr<StreamPace> gone = StreamPace::of("another");
  EXPECT_TRUE(gone.expired());
}

TEST_F(Pace, StaysWithinTheQuotasAndUsesThem) {
  for (const int points : {50, 7}) {
    Service media(500);
    now_ += seconds(2);
    EXPECT_GE(
        points * countAdmitted({Quota::kMediaPoints, 1.0 * points, false}, seconds(60), &media),
        60 * 425);
  }
  Service metadata(10'000);
  EXPECT_GE(countAdmitted(kPage, seconds(60), &metadata), 60 * 3.9);
  now_ += seconds(2);
  EXPECT_GE(countAdmitted(kPage, milliseconds(1)), 5);  // of a short range, at once
  Service endpoints(5);
  const StreamPace::Cost endpoint{Quota::kEndpointRequests, 1, false};
  EXPECT_GE(countAdmitted(endpoint, seconds(60), &endpoints), 60 * 2.9);
  now_ += seconds(2);
  EXPECT_EQ(countAdmitted(endpoint, milliseconds(1)), 2);  // a reader needs two to begin
}

TEST_F(Pace, AConnectionIsTakenUntilItsLeaseIsLetGoOf) {
  std::vector<StreamPace::Admission> admissions;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    admissions.push_back(member(i).admit(kFragment, now_));
    EXPECT_TRUE(admissions.back().admitted);
  }
  EXPECT_FALSE(member().admit(kFragment, now_).admitted);
  EXPECT_EQ(member().state(now_).connections, StreamPace::kConnections);
  const uint64_t rung = bells_[0]->count();
  const uint64_t others = bells_[1]->count();
  admissions.pop_back();
  EXPECT_GT(bells_[0]->count(), rung);
  EXPECT_EQ(bells_[1]->count(), others);  // it does not wait
  EXPECT_TRUE(member().admit(kFragment, now_).admitted);
}

TEST_F(Pace, WhoeverWaitsLongestIsNext) {
  std::vector<std::shared_ptr<http::Lease>> leases;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    leases.push_back(member(0).admit(kFragment, now_).lease);
  }
  const auto isRefused = [&](size_t who) { return !member(who).admit(kFragment, now_).admitted; };
  EXPECT_TRUE(isRefused(2));
  now_ += milliseconds(1);
  EXPECT_TRUE(isRefused(1));
  now_ += milliseconds(1);
  EXPECT_TRUE(isRefused(0));
  leases.pop_back();
  now_ += milliseconds(50);
  EXPECT_TRUE(isRefused(0));
  EXPECT_TRUE(isRefused(1));
  auto second = member(2).admit(kFragment, now_);
  EXPECT_TRUE(second.admitted);
  EXPECT_TRUE(isRefused(0));
  second.lease.reset();
  EXPECT_TRUE(isRefused(0));
  EXPECT_FALSE(isRefused(1));
}

TEST_F(Pace, ALeaseIsWantedWhileSomebodyWaits) {
  std::vector<std::shared_ptr<http::Lease>> leases;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    leases.push_back(member(0).admit(kFragment, now_).lease);
  }
  EXPECT_FALSE(leases.front()->isWanted());
  EXPECT_FALSE(member(1).admit(kFragment, now_).admitted);
  EXPECT_TRUE(leases.front()->isWanted());
  leases.pop_back();
  EXPECT_TRUE(member(1).admit(kFragment, now_).admitted);
  EXPECT_FALSE(leases.front()->isWanted());
}

TEST_F(Pace, WhoeverDoesNotComeLosesItsTurn) {
  std::vector<std::shared_ptr<http::Lease>> leases;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    leases.push_back(member(0).admit(kFragment, now_).lease);
  }
  EXPECT_FALSE(member(1).admit(kFragment, now_).admitted);  // and then never asks again
  EXPECT_FALSE(member(2).admit(kFragment, now_ + milliseconds(1)).admitted);
  leases.pop_back();
  now_ += seconds(5);
  EXPECT_TRUE(member(2).admit(kFragment, now_).admitted);
  EXPECT_TRUE(member(2).admit(kFragment, now_).admitted);  // and is not waited for again
}

TEST_F(Pace, MembersThatGoAreForgotten) {
  std::vector<std::shared_ptr<http::Lease>> leases;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    leases.push_back(member(0).admit(kFragment, now_).lease);
  }
  EXPECT_FALSE(member(1).admit(kFragment, now_).admitted);
  members_[1].reset();
  leases.clear();
  EXPECT_TRUE(member(0).admit(kFragment, now_).admitted);
  members_.clear();
  pace_.reset();  // leases keep what they need
}

TEST_F(Pace, MoreConnectionsAreUsedOnlyIfAskedFor) {
  EXPECT_EQ(member(0, 4).state(now_).connectionLimit, 5U);
  EXPECT_EQ(member(1, 12).state(now_).connectionLimit, 12U);
  members_.pop_back();
  EXPECT_EQ(member(0).state(now_).connectionLimit, 5U);
}

TEST_F(Pace, ThrottlingSlowsDownAndIsForgottenAfterSomeTime) {
  const int before = countAdmitted(kPage, seconds(30));
  member().throttled(false, now_);
  EXPECT_EQ(member().state(now_).rate, 0.5);
  EXPECT_EQ(member().state(now_).connectionLimit, 4U);
  // Of one event, however many requests it meets.
  member().throttled(false, now_ + milliseconds(100));
  EXPECT_EQ(member().state(now_).rate, 0.5);
  now_ += milliseconds(500);
  member().throttled(false, now_);
  EXPECT_EQ(member().state(now_).rate, 0.25);
  EXPECT_LT(countAdmitted(kPage, seconds(2)), before / 30);
  countAdmitted(kPage, seconds(300));
  EXPECT_EQ(member().state(now_).rate, 1);
  EXPECT_EQ(member().state(now_).connectionLimit, 5U);
  EXPECT_GE(countAdmitted(kPage, seconds(30)), before * 9 / 10);
}

TEST_F(Pace, TooManyConnectionsAreCutToThoseThatWereTaken) {
  std::vector<std::shared_ptr<http::Lease>> leases;
  for (unsigned i = 0; i < StreamPace::kConnections; ++i) {
    leases.push_back(member().admit(kFragment, now_).lease);
  }
  leases.resize(2);  // the service took these, and refused the others
  member().throttled(true, now_);
  EXPECT_EQ(member().state(now_).connectionLimit, 2U);
  EXPECT_EQ(member().state(now_).rate, 1);
  leases.clear();
  now_ += seconds(1);
  member().throttled(true, now_);
  EXPECT_EQ(member().state(now_).connectionLimit, 1U);  // never none
}

TEST_F(Pace, TriesMoreLessOftenWhenThatIsRefused) {
  int refused = 0;
  for (const TimePoint end = now_ + seconds(600); now_ < end; now_ += milliseconds(100)) {
    if (member().state(now_).connectionLimit > 2) {
      member().throttled(true, now_);
      ++refused;
    }
  }
  EXPECT_GE(refused, 5);
  EXPECT_LE(refused, 20);
}

/// A clip of 200 fragments pays 150 in advance, unless the stream has rested.
TEST_F(Pace, ClipsStayWithinTheQuotaWithAndWithoutOtherReaders) {
  for (const bool hasOthers : {false, true}) {
    Service service(500);
    now_ += seconds(5);
    int parts = 0;
    int clips = 0;
    for (int ms = 0; ms < 30'000; ++ms, now_ += milliseconds(1)) {
      if (hasOthers && ms % 7 == 3 && member(1).admit({Quota::kMediaPoints, 50}, now_).admitted) {
        ASSERT_TRUE(service.accepts(50, now_)) << ms;
      }
      parts = parts == 0 && member(0).hasRested(now_) ? 3 : parts;
      while (parts < 3 && member(0).admit({Quota::kMediaPoints, 50}, now_).admitted) {
        ++parts;
      }
      if (parts == 3 && member(0).admit({Quota::kMediaPoints, 200}, now_).admitted) {
        ASSERT_TRUE(service.accepts(200, now_)) << ms;
        EXPECT_EQ(ms == 0, clips == 0);
        parts = 0;
        ++clips;
      }
    }
    EXPECT_GE(clips, hasOthers ? 5 : 35);
  }
}

}  // namespace
}  // namespace kvsarchive::kvs
