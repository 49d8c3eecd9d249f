// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace kvsarchive::aws {

/// A server's text made fit for a message: one line, not too long, and none of it if it repeats 12
/// characters in a row of one of `secrets`, or all of a shorter one.
std::string redacted(std::string_view text, std::initializer_list<std::string_view> secrets);

/// The text as one line, up to where a signature error quotes what was to be signed, session token
/// included.
std::string withoutCanonicalRequest(std::string_view text);

/// A server's error code, if it is a word; else nothing.
std::string plainCode(std::string_view text, std::initializer_list<std::string_view> secrets);

}  // namespace kvsarchive::aws
