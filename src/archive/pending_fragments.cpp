// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/pending_fragments.h"

#include <algorithm>

namespace kvsarchive::archive {
namespace {

/// Memory that a block takes while it is held; frames may be tiny.
size_t costOf(const matroska::ChunkBlock& block) {
  return block.block.bytes() + sizeof(matroska::ChunkBlock);
}

int64_t earliestOf(const std::deque<matroska::ChunkBlock>& blocks) {
  const auto earliest = std::min_element(
      blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.ticks < b.ticks; });
  return earliest == blocks.end() ? 0 : earliest->ticks;
}

}  // namespace

PendingFragments::PendingFragments(std::vector<kvs::Fragment> batch) {
  for (kvs::Fragment& fragment : batch) {
    media_.emplace_back().fragment = std::move(fragment);
  }
}

void PendingFragments::popHead() {
  heldBytes_ -= head().heldBytes;
  media_.pop_front();
}

FragmentMedia* PendingFragments::findOpen(const std::string& number) {
  const auto found = std::find_if(media_.begin(), media_.end(), [&](const FragmentMedia& media) {
    return media.open() && media.fragment.number == number;
  });
  return found == media_.end() ? nullptr : &*found;
}

bool PendingFragments::anyOpen() const {
  return std::any_of(media_.begin(), media_.end(),
                     [](const FragmentMedia& media) { return media.open(); });
}

std::vector<FragmentMedia*> PendingFragments::allOpen() {
  std::vector<FragmentMedia*> open;
  for (FragmentMedia& media : media_) {
    if (media.open()) {
      open.push_back(&media);
    }
  }
  return open;
}

bool PendingFragments::hold(FragmentMedia& media, matroska::ChunkBlock&& block) {
  media.earliestTicks =
      media.received > 0 ? std::min(media.earliestTicks, block.ticks) : block.ticks;
  ++media.received;
  media.heldBytes += costOf(block);
  heldBytes_ += costOf(block);
  media.blocks.push_back(std::move(block));
  return heldBytes_ <= kMaxHeldBytes;
}

std::vector<matroska::ChunkBlock> PendingFragments::takeBlocks(FragmentMedia& media, size_t count) {
  count = std::min({count, kRunBlocks, media.blocks.size()});
  std::vector<matroska::ChunkBlock> run;
  run.reserve(count);
  size_t bytes = 0;
  while (run.size() < count && bytes < kRunBytes) {
    bytes += costOf(media.blocks.front());
    run.push_back(std::move(media.blocks.front()));
    media.blocks.pop_front();
  }
  media.heldBytes -= bytes;
  heldBytes_ -= bytes;
  return run;
}

void PendingFragments::keepOnly(FragmentMedia& media, const std::vector<bool>& keep) {
  std::deque<matroska::ChunkBlock> kept;
  for (size_t i = 0; i < media.blocks.size(); ++i) {
    if (keep[i]) {
      kept.push_back(std::move(media.blocks[i]));
    } else {
      forget(media, media.blocks[i]);
    }
  }
  media.blocks = std::move(kept);
  media.earliestTicks = earliestOf(media.blocks);
}

void PendingFragments::dropHeld(FragmentMedia& media, uint64_t keep) {
  while (!media.blocks.empty() && media.received > keep) {
    forget(media, media.blocks.back());
    media.blocks.pop_back();
    --media.received;
  }
  if (!media.begun) {
    media.earliestTicks = earliestOf(media.blocks);
  }
}

void PendingFragments::dropAllButHead() {
  for (FragmentMedia& media : media_) {
    const bool isHead = &media == &head();
    if (!isHead && (media.open() || media.state == FragmentMedia::State::kComplete)) {
      dropHeld(media);
      media.state = FragmentMedia::State::kOpen;
    }
  }
}

void PendingFragments::forget(FragmentMedia& media, const matroska::ChunkBlock& block) {
  media.heldBytes -= costOf(block);
  heldBytes_ -= costOf(block);
}

}  // namespace kvsarchive::archive
