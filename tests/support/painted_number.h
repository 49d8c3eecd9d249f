// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

namespace kvsarchive::test {

/// The number that the emulator painted into a picture of a generated recording, as bars along the
/// lower edge: the picture's place in the recording. -1 if it is no raw picture, or one of another
/// layout than I420 or NV12 without padding.
int paintedNumber(GstBuffer* picture, const GstCaps* caps);

}  // namespace kvsarchive::test
