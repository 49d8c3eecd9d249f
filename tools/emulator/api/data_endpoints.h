// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

namespace kvsemulator {

/// The base paths that stand in for the host names of the service's data
/// endpoints: one per stream and API, so that a client which guesses, shares or
/// shortens them is found out.
class DataEndpoints {
 public:
  struct Target {
    std::string stream;
    std::string api;  ///< e.g. "LIST_FRAGMENTS"
  };

  /// `flat`: everything is served at "/", for clients that can't take a path in
  /// an endpoint.
  explicit DataEndpoints(bool flat) : flat_(flat) {}

  bool flat() const { return flat_; }
  /// "" or e.g. "/b-1f3c77aa".
  std::string pathFor(const std::string& stream, const std::string& api);
  /// nullptr if no data endpoint has that base path.
  const Target* find(const std::string& basePath) const;

 private:
  bool flat_;
  std::map<std::string, Target> targets_;
};

}  // namespace kvsemulator
