// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kvsemulator {

enum class TimecodePlace { kFirst, kSecond, kLast };  ///< in the Cluster; second = after others

/// How a producer lays out its Matroska. All variants were seen in real
/// archives or are legal.
struct Layout {
  bool absoluteTimecodes = false;  ///< cluster time is the producer's clock, not the session's
  bool knownClusterSize = false;
  bool longTagNames = false;  ///< ..._SERVER_SIDE_TIMESTAMP instead of ..._SERVER_TIMESTAMP
  bool blockGroups = false;
  bool nulPadding = false;  ///< DocType, CodecID and Name end in NULs
  bool voidElements = false;
  bool crc32 = false;
  bool seekHead = false;  ///< SeekHead and Duration of the file that was ingested: stale
  TimecodePlace timecodePlace = TimecodePlace::kFirst;
  int64_t timecodeScale = 1'000'000;  ///< ns
  int clusters = 1;                   ///< per fragment

  /// The block offset, in units of the scale, that a time comes out as.
  int64_t toUnits(int64_t ns) const {
    return (ns >= 0 ? ns + timecodeScale / 2 : ns - timecodeScale / 2) / timecodeScale;
  }
};

}  // namespace kvsemulator
