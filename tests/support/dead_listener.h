// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace kvsarchive::test {

/// A socket on 127.0.0.1 that listens, but behind which nobody accepts.
class DeadListener {
 public:
  enum class Queue {
    kFree,  ///< connecting succeeds, and nothing is ever read
    kFull,  ///< connecting takes for ever
  };

  explicit DeadListener(Queue queue);
  ~DeadListener();
  DeadListener(const DeadListener&) = delete;
  DeadListener& operator=(const DeadListener&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::vector<int> sockets_;
};

}  // namespace kvsarchive::test
