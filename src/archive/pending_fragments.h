// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "archive/fragment_media.h"

namespace kvsarchive::archive {

/// The fragments of one batch that were not handed on completely, in the order wanted.
class PendingFragments {
 public:
  /// All that may wait for fragments before it: a batch and one fragment at its largest.
  static constexpr size_t kMaxHeldBytes = size_t{128} << 20;

  /// Enough that what is done once for all of them costs little for each.
  static constexpr size_t kRunBlocks = 32;
  static constexpr size_t kRunBytes = size_t{256} << 10;

  PendingFragments() = default;
  explicit PendingFragments(std::vector<kvs::Fragment> batch);

  bool empty() const { return media_.empty(); }
  FragmentMedia& head() { return media_.front(); }
  void popHead();

  /// The open fragment of that number; null if there is none.
  FragmentMedia* findOpen(const std::string& number);
  bool anyOpen() const;
  /// What keeping all blocks costs.
  size_t heldBytes() const { return heldBytes_; }
  /// All that are open, in order. A pointer is valid until popHead() takes its fragment.
  std::vector<FragmentMedia*> allOpen();

  /// Keeps a block that was received. False if all together hold more than kMaxHeldBytes now.
  bool hold(FragmentMedia& media, matroska::ChunkBlock&& block);
  /// Takes the first blocks out, to hand them on: at most `count`, and one at least, but no more
  /// once they have kRunBlocks or kRunBytes. Needs one.
  std::vector<matroska::ChunkBlock> takeBlocks(FragmentMedia& media, size_t count);
  /// Leaves out blocks before they are handed on. `keep`: one for each in `blocks`.
  void keepOnly(FragmentMedia& media, const std::vector<bool>& keep);
  /// Forgets blocks that were not handed on, but for the first `keep` received: the others are to
  /// be received anew.
  void dropHeld(FragmentMedia& media, uint64_t keep = 0);
  /// Makes room for the head: all that others hold is to be received anew.
  void dropAllButHead();

 private:
  void forget(FragmentMedia& media, const matroska::ChunkBlock& block);

  std::deque<FragmentMedia> media_;
  size_t heldBytes_ = 0;
};

}  // namespace kvsarchive::archive
