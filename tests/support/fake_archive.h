// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/transport.h"
#include "support/fake_listing.h"

namespace kvsarchive::test {

/// Body of one GetMediaForFragmentList.
struct FakeMedia {
  FakeMedia(std::string text) : body(std::move(text)) {}  // NOLINT(google-explicit-constructor)
  FakeMedia(std::string text, Error error) : body(std::move(text)), end(std::move(error)) {}

  std::string body;
  std::optional<Error> end;  ///< how it ends; none = cleanly
  int status = 200;          ///< another one: the body is JSON
};

/// What a connection that breaks in a body looks like.
inline Error brokenConnection() {
  Error error = makeError(ErrorKind::kRead, "the connection broke");
  error.recovery = Recovery::kRetry;
  return error;
}

/// The archived-media service behind the transport interface, without a network. One thread.
class FakeArchive : public http::Transport {
 public:
  using Numbers = std::vector<std::string>;

  FakeListing listing;
  std::map<std::string, std::string> chunks;  ///< media by fragment number
  /// Body of a GetMediaForFragmentList; unset: the chunks asked for that there are, in that order.
  std::function<FakeMedia(const Numbers&)> media;
  /// How these bodies are cut; unset = not at all.
  std::function<std::vector<Bytes>(const std::string&)> cut;
  /// Cancels this token in the call of that index, of all calls that can block.
  CancelToken* token = nullptr;
  size_t cancelAt = SIZE_MAX;

  /// The chunks asked for that there are, in that order.
  std::string body(const Numbers& numbers) const;

  /// Adds a fragment to the listing, with its chunk. A size of 0 becomes the chunk's.
  void add(const ListedFragment& listed, std::string chunk);

  std::unique_ptr<http::Exchange> send(http::Request request) override;

  const std::vector<Numbers>& mediaRequests() const { return mediaRequests_; }
  size_t calls() const { return calls_; }

  /// For the exchanges: true if this call is to end as cancelled.
  bool isCancelled(const CancelToken& cancel);

 private:
  std::vector<Numbers> mediaRequests_;
  size_t calls_ = 0;
};

}  // namespace kvsarchive::test
