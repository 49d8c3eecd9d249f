// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace kvsarchive::test {

/// A listening socket on 127.0.0.1 whose queue is full: connecting to it takes for ever.
class FullListener {
 public:
  FullListener();
  ~FullListener();
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int port_ = 0;
  std::vector<int> sockets_;
};

}  // namespace kvsarchive::test
