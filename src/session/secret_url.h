// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

namespace kvsarchive::session {

/// The URL of a session. The token in its query is all it takes to see the media: only who sends
/// requests gets text().
class SecretUrl {
 public:
  SecretUrl() = default;
  explicit SecretUrl(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }

  /// `text` of unknown origin fit for a message, and none of it if it repeats the token.
  std::string redacted(const std::string& text) const;

 private:
  std::string text_;
};

}  // namespace kvsarchive::session
