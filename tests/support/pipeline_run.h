// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <string>

namespace kvsarchive::test {

/// Waits for the end of a pipeline's stream. Empty when it came, else the text of the error that
/// did.
std::string waitForEnd(GstElement* pipeline);

/// Plays to the end as waitForEnd() tells it, and goes to NULL.
std::string playToEnd(GstElement* pipeline);

/// A pipeline of the source and a fakesink, in PAUSED: the first buffer is there.
GstElement* prerolled(GstElement* source);

/// Stays in a state for a while and expects to be in NULL within a second then.
void expectQuickStop(GstElement* pipeline, GstState state, std::chrono::milliseconds after);

}  // namespace kvsarchive::test
