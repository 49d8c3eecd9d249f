// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "archive/stream.h"

namespace kvsemulator {

/// All streams of the account.
class Archive {
 public:
  void add(std::unique_ptr<Stream> stream) { streams_.push_back(std::move(stream)); }

  const std::vector<std::unique_ptr<Stream>>& streams() const { return streams_; }
  const Stream* byName(const std::string& name) const;
  const Stream* byArn(const std::string& arn) const;
  /// The stream that a fragment belongs to, nullptr if none.
  const Stream* ownerOf(const std::string& fragmentNumber) const;

 private:
  std::vector<std::unique_ptr<Stream>> streams_;
};

}  // namespace kvsemulator
