// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/unix_time.h"
#include "kvs/fragment.h"
#include "matroska/splicer.h"
#include "matroska/tags.h"

namespace kvsarchive::archive {

/// A step that a user may have to wait for begins, is done, or, once begun, takes longer.
struct Progress {
  enum class Step { kOpen, kList };
  Step step{};
  bool done = false;
  std::string text;
};

/// duration() answers something else than before.
struct DurationChanged {};

/// Told once a second while a run goes on, and at its end.
struct ProgressReport {};

/// First bytes of the document.
struct DocumentHeader {
  Bytes bytes;
};

/// The blocks that follow are this fragment's.
struct FragmentStart {
  kvs::Fragment fragment;
  UnixTime origin{};                   ///< of the document, pts 0
  std::chrono::milliseconds pts{0};    ///< of the fragment's first block
  std::chrono::milliseconds shift{0};  ///< how far its times were moved from the wall clock's
  bool discont = false;                ///< something is missing, or a jump in time, before it
  std::vector<matroska::Tag> tags;     ///< the producer's own
};

using MediaBlock = matroska::SplicedBlock;

/// Something the user should know although the stream goes on.
struct Warning {
  std::string text;
};

/// All of the range was handed on.
struct EndOfArchive {};

using ReaderOutput = std::variant<Progress, DurationChanged, ProgressReport, DocumentHeader,
                                  FragmentStart, MediaBlock, Warning, EndOfArchive>;

}  // namespace kvsarchive::archive
