// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

/// What is fuzzed. Each target takes one input, of any bytes, and says what is wrong with what came
/// of it; empty if nothing is. Must be deterministic and never use the network or the clock.
namespace kvsarchive::fuzz {

/// Media of the service: 2 bytes that choose how it is fed and spliced, then the media.
std::string chunk(std::string_view input);
/// Single Matroska elements: 1 byte that chooses which, then the element's payload.
std::string ebml(std::string_view input);
/// Answers with status 200.
std::string json(std::string_view input);
/// Answers with another status, whatever their form.
std::string xml(std::string_view input);
/// Times as users and the service write them.
std::string date(std::string_view input);
/// An AWS config file, which is read as a credentials file too.
std::string ini(std::string_view input);
/// A playlist or a manifest of a session.
std::string manifest(std::string_view input);
/// An MP4 file: 1 byte that chooses how it is cut, then the file.
std::string mp4(std::string_view input);
/// Answers of STS, good ones and errors.
std::string sts(std::string_view input);
/// A URL in the first line, the head of an HTTP answer in the others.
std::string url(std::string_view input);

}  // namespace kvsarchive::fuzz
