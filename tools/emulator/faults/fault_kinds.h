// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "faults/fault.h"

namespace kvsemulator {

// The kinds of fault, each reading its own options.

// another answer instead
FaultAction readStatus(JsonReader& json);
FaultAction readRedirect(JsonReader& json);
FaultAction readThrottle(JsonReader& json);
FaultAction readExpiredCredentials(JsonReader& json);
FaultAction readMovedEndpoint(JsonReader& json);

// pages of ListFragments
FaultAction readLateVisible(JsonReader& json);
FaultAction readEmptyPage(JsonReader& json);
FaultAction readRepeatToken(JsonReader& json);
FaultAction readExpiredToken(JsonReader& json);

// other bytes in the body
FaultAction readEndEarly(JsonReader& json);
FaultAction readGarbage(JsonReader& json);

// other chunks in the body of GetMediaForFragmentList
FaultAction readInBandError(JsonReader& json);
FaultAction readMissing(JsonReader& json);
FaultAction readReorder(JsonReader& json);
FaultAction readRepeat(JsonReader& json);
FaultAction readTruncateChunk(JsonReader& json);

// how the answer travels
FaultAction readLatency(JsonReader& json);
FaultAction readRate(JsonReader& json);
FaultAction readStall(JsonReader& json);
FaultAction readCut(JsonReader& json);
FaultAction readReset(JsonReader& json);
FaultAction readWrongContentLength(JsonReader& json);

}  // namespace kvsemulator
