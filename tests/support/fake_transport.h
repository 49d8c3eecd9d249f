// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "http/transport.h"

namespace kvsarchive::test {

/// What a FakeTransport answers to one request.
struct CannedAnswer {
  int status = 200;
  http::Headers headers;
  std::string body;
  std::optional<Error> headError;  ///< in place of an answer
  std::optional<Error> bodyError;  ///< after the body
};

inline CannedAnswer json(int status, std::string body, http::Headers headers = {}) {
  headers.push_back({"Content-Type", "application/json"});
  return {status, std::move(headers), std::move(body), std::nullopt, std::nullopt};
}

/// Answers from memory, in the order the answers were added. Any thread.
class FakeTransport : public http::Transport {
 public:
  void add(CannedAnswer answer) { answers_.lock()->push_back(std::move(answer)); }

  /// Without an answer left: kOpenRead.
  std::unique_ptr<http::Exchange> send(http::Request request) override;

  std::vector<http::Request> requests() { return *requests_.lock(); }

  /// Forgets requests and answers.
  void clear();

  /// Paths of the requests, "/listFragments".
  std::vector<std::string> paths();

 private:
  Guarded<std::deque<CannedAnswer>> answers_;
  Guarded<std::vector<http::Request>> requests_;
};

}  // namespace kvsarchive::test
