// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>
#include <map>
#include <string>

namespace kvsarchive::test {

/// The fields of a structure, their values as text.
using Fields = std::map<std::string, std::string>;
Fields fieldsOf(const GstStructure* structure);

/// All of a source's `stats`.
Fields statsOf(GstElement* source);

/// One of them, which it must have.
uint64_t statsCount(GstElement* source, const char* field);

}  // namespace kvsarchive::test
