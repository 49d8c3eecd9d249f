// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "archive/recording.h"
#include "clip/clip_options.h"

namespace kvsemulator {

/// How ListFragments pages come out.
struct ListingOptions {
  bool shuffled = true;
  uint64_t seed = 1;
  int shortPagesPercent = 15;  ///< of the pages hold fewer fragments than asked for
};

struct StreamOptions {
  std::string name;
  std::string arn;
  std::string mediaType = "video/h264";
  int64_t creationMs = 0;
  int64_t retentionHours = 0;
  bool longTagNames = false;  ///< of in-band errors
  ListingOptions listing;
  ClipOptions clips;
};

/// One stream of the account with all that was ever ingested into it.
class Stream {
 public:
  /// A fragment, by its recording and its place there.
  struct Entry {
    const Recording* recording;
    size_t index;
    bool live;  ///< comes in while the emulator runs, at its server timestamp

    const FragmentInfo& info() const { return recording->fragments()[index]; }
  };

  explicit Stream(StreamOptions options) : options_(std::move(options)) {}

  const StreamOptions& options() const { return options_; }
  /// `live`: its fragments come in while the emulator runs.
  void add(std::unique_ptr<Recording> recording, bool live);

  /// In the order of ingestion, expired ones too.
  const std::vector<Entry>& entries() const { return entries_; }
  /// nullptr if it never existed.
  const Entry* find(const std::string& fragmentNumber) const;
  /// Whether a fragment has been ingested and has not expired. A live one is
  /// there as soon as it has ended.
  bool holds(const Entry& entry, int64_t nowMs) const;
  /// Server time before which nothing is kept.
  int64_t retentionStartMs(int64_t nowMs) const {
    return nowMs - options_.retentionHours * 3'600'000;
  }

 private:
  StreamOptions options_;
  std::vector<std::unique_ptr<Recording>> recordings_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, size_t> byNumber_;
};

}  // namespace kvsemulator
