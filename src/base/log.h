// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace kvsarchive::log {

enum class Level { kWarning, kInfo, kDebug, kTrace };
enum class Area { kHttp, kAuth, kClient, kArchive, kClip };

/// Receives every line; called on any thread, no lock of ours held. Lines never contain secrets.
using Sink = void (*)(Level level, Area area, const char* message);
/// Tells whether a line of that level would be kept, so that its text need not be built.
using Filter = bool (*)(Level level, Area area);

/// Sets where lines go. Call once, before any other thread logs; null means nowhere.
void setSink(Sink sink, Filter filter);

bool enabled(Level level, Area area);
void write(Level level, Area area, const std::string& message);

}  // namespace kvsarchive::log
