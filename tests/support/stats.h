// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <string>

namespace kvsarchive::test {

// A field of a source's `stats`, which it must have.
uint64_t statsCount(GstElement* source, const char* field);
std::string statsText(GstElement* source, const char* field);

}  // namespace kvsarchive::test
