// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/raw_loader.h"

#include <glib.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "matroska/chunk_reader.h"

namespace kvsemulator {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;
constexpr const char* kEbmlMagic = "\x1A\x45\xDF\xA3";

/// Tags that the service adds to what the producer sent.
bool isServiceTag(const std::string& name) {
  static const std::set<std::string> kNames = {
      "AWS_KINESISVIDEO_FRAGMENT_NUMBER",         "AWS_KINESISVIDEO_SERVER_TIMESTAMP",
      "AWS_KINESISVIDEO_SERVER_SIDE_TIMESTAMP",   "AWS_KINESISVIDEO_PRODUCER_TIMESTAMP",
      "AWS_KINESISVIDEO_PRODUCER_SIDE_TIMESTAMP", "AWS_KINESISVIDEO_MILLIS_BEHIND_NOW",
      "AWS_KINESISVIDEO_CONTINUATION_TOKEN"};
  return kNames.count(name) != 0;
}

/// From the first to behind the last block, taking the mean distance as length
/// of the last.
int64_t lengthMs(const std::vector<FrameInfo>& frames) {
  std::map<int, std::vector<int64_t>> times;
  for (const FrameInfo& frame : frames) {
    times[frame.track].push_back(frame.offsetNs);
  }
  int64_t longest = 0;
  for (auto& [track, list] : times) {
    const auto [first, last] = std::minmax_element(list.begin(), list.end());
    const int64_t span = *last - *first;
    const auto gaps = static_cast<int64_t>(list.size()) - 1;
    longest = std::max(longest, span + (gaps > 0 ? span / gaps : 0));
  }
  return longest / kNsPerMs;
}

StoredFragment toFragment(const ParsedChunk& parsed, Bytes chunk) {
  StoredFragment fragment;
  fragment.info.number = parsed.tag("AWS_KINESISVIDEO_FRAGMENT_NUMBER").value_or("");
  fragment.info.producerMs = parsed.timestampMs("PRODUCER").value_or(0);
  fragment.info.serverMs = parsed.timestampMs("SERVER").value_or(0);
  fragment.info.lengthMs = lengthMs(parsed.frames);
  fragment.info.sizeBytes = parsed.length;
  for (const Tag& tag : parsed.tags) {
    if (!isServiceTag(tag.name)) {
      fragment.info.tags.push_back(tag);
    }
  }
  fragment.tracks = parsed.tracks;
  fragment.chunk = std::move(chunk);
  return fragment;
}

void report(const std::string& path, size_t offset, const char* what) {
  std::fprintf(stderr, "%s: chunk at byte %zu left out: %s\n", path.c_str(), offset, what);
}

}  // namespace

Result<std::vector<StoredFragment>> loadRawChunks(const std::string& path) {
  g_autoptr(GError) error = nullptr;
  GMappedFile* file = g_mapped_file_new(path.c_str(), FALSE, &error);
  if (!file) {
    return failure(error->message);
  }
  const Bytes all = Bytes::adopt(g_mapped_file_get_bytes(file));
  g_mapped_file_unref(file);
  std::vector<StoredFragment> fragments;
  std::set<std::string> seen;
  const std::string_view data = all.view();
  for (size_t offset = 0; offset < data.size();) {
    const auto parsed = readChunk(data.substr(offset), false);
    if (!parsed) {
      report(path, offset, "incomplete or damaged");
      offset = data.find(kEbmlMagic, offset + 1);
      continue;
    }
    StoredFragment fragment = toFragment(*parsed, all.slice(offset, parsed->length));
    if (fragment.info.number.empty() || !parsed->timestampMs("SERVER")) {
      report(path, offset, "no fragment number or server timestamp");
    } else if (!seen.insert(fragment.info.number).second) {
      report(path, offset, "its fragment number has been seen before");
    } else {
      fragments.push_back(std::move(fragment));
    }
    offset += parsed->length;
  }
  if (fragments.empty()) {
    return failure(path + ": no fragment in it");
  }
  return fragments;
}

}  // namespace kvsemulator
