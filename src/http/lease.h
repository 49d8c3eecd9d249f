// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace kvsarchive::http {

/// What a request holds for as long as it is under way. Any thread.
class Lease {
 public:
  Lease() = default;
  virtual ~Lease() = default;
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// Somebody else waits for it.
  virtual bool isWanted() const = 0;
};

}  // namespace kvsarchive::http
