// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "base/bell.h"
#include "base/guarded.h"
#include "http/lease.h"

namespace kvsarchive::kvs {

/// How fast one stream may be asked. All clients of the process for that stream share one pace, so
/// that together they stay within its quotas, and slow down together when the service throttles
/// one of them all the same: others may read the stream too, and quotas can be set lower. Any
/// thread; nothing blocks.
/// Source: https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/limits.html
class StreamPace : public std::enable_shared_from_this<StreamPace> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// What a second allows of.
  enum class Quota { kEndpointRequests, kMetadataPoints, kMediaPoints };
  static constexpr size_t kQuotas = 3;

  /// Answers of GetMediaForFragmentList that a stream has at a time, unless a client is set to use
  /// more because AWS raised that.
  static constexpr unsigned kConnections = 5;

  /// What a request costs.
  struct Cost {
    Quota quota{};
    double points = 1;
    bool connection = false;  ///< it is one of the answers counted
    bool inAdvance = false;   ///< only to be paid if the stream has not rested
  };
  /// The costliest request that keeps within the quota of a second however it falls. One that costs
  /// more pays what is beyond in advance, and in such parts.
  static constexpr double kInstalment = 50;

  /// Whether a request may go out.
  struct Admission {
    bool admitted = false;
    std::shared_ptr<http::Lease> lease;  ///< of a connection; to be kept until the answer is over
    TimePoint askAgain{};                ///< if not admitted: then, or when the member's bell rings
    bool noConnection = false;           ///< not admitted for want of one
  };

  struct State {
    double rate = 1;  ///< of what the quotas allow
    unsigned connectionLimit = 0;
    unsigned connections = 0;  ///< in use, by all members
  };

  /// A client's place.
  class Member {
   public:
    /// `bell` rings when a connection becomes free that the member was refused; it must outlive
    /// the member.
    Member(std::shared_ptr<StreamPace> pace, Bell& bell, unsigned maxConnections);
    ~Member();
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    Admission admit(const Cost& cost, TimePoint now);
    /// Nobody has spent media points for a second, nor does the service throttle: then nothing has
    /// to be paid in advance.
    bool hasRested(TimePoint now);
    /// The service throttled a request, of too many connections or for another reason.
    void throttled(bool tooManyConnections, TimePoint now);
    State state(TimePoint now);

   private:
    friend class StreamPace;

    const std::shared_ptr<StreamPace> pace_;
    Bell& bell_;
    const unsigned maxConnections_;
    // Guarded by the pace's lock.
    std::optional<TimePoint> waitingSince_;  ///< it was refused a connection
  };

  /// The pace that all who name a stream alike share for as long as one of them is there.
  static std::shared_ptr<StreamPace> of(const std::string& stream);

 private:
  struct Shared {
    std::array<double, kQuotas> points{};
    TimePoint filledAt{};
    std::optional<TimePoint> mediaSpentAt;
    double rate = 1;
    unsigned maxConnections = kConnections;
    unsigned limit = kConnections;
    unsigned connections = 0;
    TimePoint freeSince{};  ///< a connection, at least
    std::optional<TimePoint> throttledAt;
    TimePoint raisedAt{};
    std::chrono::milliseconds raiseAfter{};
    std::list<Member*> members;
  };

  class ConnectionLease;

  StreamPace();
  static void fill(Shared& shared, TimePoint now);
  static void recover(Shared& shared, TimePoint now);
  static bool isTurnOf(Shared& shared, Member& member, TimePoint now);
  void giveBack();
  bool isConnectionWanted();

  Guarded<Shared> shared_;
};

}  // namespace kvsarchive::kvs
