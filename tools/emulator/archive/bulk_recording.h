// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "archive/bulk_options.h"
#include "archive/number_sequence.h"
#include "archive/recording.h"
#include "matroska/layout.h"

namespace kvsemulator {

/// A recording that is made while it is sent. All fragments share the bytes of
/// their blocks, so that neither memory nor start-up depend on its length.
class BulkRecording : public Recording {
 public:
  BulkRecording(const BulkOptions& options, const Layout& layout, NumberSequence& numbers);

  const std::vector<FragmentInfo>& fragments() const override { return infos_; }
  std::vector<Bytes> chunk(size_t index) const override;
  std::map<int, Track> tracks(size_t index) const override;
  std::vector<FrameInfo> frames(size_t index) const override;
  bool listsFrames() const override { return false; }

 private:
  std::string head(size_t index) const;
  std::string makeBlocks() const;
  /// A copy of the blocks in which each frame carries its own mark.
  Bytes uniqueBlocks(size_t index) const;

  const BulkOptions options_;
  const Layout layout_;
  const int64_t frameCount_;
  Track track_;
  Bytes blocks_;
  std::vector<FragmentInfo> infos_;
};

}  // namespace kvsemulator
