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

/// Plays `source` (taken over) through `elements`, as in a launch line, into a file until it posts
/// an error and, behind that, the end comes. What is in the file; empty if either does not come.
std::string saveUntilError(GstElement* source, const std::string& elements);

/// A pipeline of the source (taken over) and a fakesink, in NULL.
GstElement* intoFakesink(GstElement* source);

/// The same in PAUSED: the first buffer is there.
GstElement* prerolled(GstElement* source);

/// Stays in a state for a while and expects to be in NULL within a second then.
void expectQuickStop(GstElement* pipeline, GstState state, std::chrono::milliseconds after);

}  // namespace kvsarchive::test
