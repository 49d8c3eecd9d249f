// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "checks.h"
#include "clip/mp4_outline.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

using clip::Mp4Outline;

/// How many bytes were taken before it was refused; all if it was not.
size_t feed(Mp4Outline& outline, std::string_view bytes, size_t piece, Checks* checks) {
  for (size_t at = 0; at < bytes.size(); at += piece) {
    const Status taken = outline.add(bytes.substr(at, piece));
    if (!taken) {
      checks->requireClear(taken.error());
      checks->require(taken.error().kind == ErrorKind::kDecode, "refused as no decode error");
      return at;
    }
  }
  return bytes.size();
}

}  // namespace

std::string mp4(std::string_view input) {
  Checks checks;
  if (input.empty()) {
    return "";
  }
  const size_t piece = 1 + static_cast<unsigned char>(input.front());
  const std::string_view bytes = input.substr(1);
  Mp4Outline whole;
  Mp4Outline pieces;
  const bool isTaken =
      feed(whole, bytes, std::max<size_t>(1, bytes.size()), &checks) == bytes.size();
  checks.require(isTaken == (feed(pieces, bytes, piece, &checks) == bytes.size()),
                 "refused or not by how it is cut");
  if (isTaken) {
    checks.require(whole.end().ok() == pieces.end().ok(), "complete or not by how it is cut");
    checks.require(whole.movieEnd() == pieces.movieEnd(), "another end by how it is cut");
    checks.require(whole.duration() == pieces.duration(), "another duration by how it is cut");
    checks.require(!whole.duration() || whole.duration()->count() >= 0, "a duration below zero");
  }
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
