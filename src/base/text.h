// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace kvsarchive {

// Texts of unknown origin, made fit for what takes only UTF-8: GStreamer, logs, terminals.

/// The text with U+FFFD in place of every byte that belongs to no UTF-8 character, and of NUL.
std::string validUtf8(std::string_view text);

/// The text fit for a message: valid UTF-8, blanks for control characters, and of at most about
/// `maxBytes` (U+FFFD has 3 bytes), "..." where it was cut.
std::string oneLine(std::string_view text, size_t maxBytes);

/// What somebody wrote, in quotes, one line and not too long.
std::string quoted(std::string_view text);

/// What may not stand in a header or a line: below the blank, and DEL.
bool isControl(char c);
/// ASCII, neither a blank nor a control character.
bool isVisibleAscii(char c);

/// All before the first line break.
std::string firstLine(const std::string& text);

/// Without the full stop at the end, if there is one, and the blanks there: to go on behind it.
std::string withoutFullStop(std::string text);

/// The text as a whole number from `least` to `most`; none if it is anything else.
std::optional<int> parseWhole(std::string_view text, int least, int most);

}  // namespace kvsarchive
