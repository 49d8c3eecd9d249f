// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::kvs {

/// What the body of an error answer says; either may be empty.
struct ErrorBody {
  std::string code;
  std::string message;
};

/// Whether it can only be XML or HTML.
bool isMarkup(const std::string& body);

/// Reads the JSON of the service, the XML of the hosts in front of it, HTML pages of proxies, and
/// anything else as plain text. Never fails.
ErrorBody parseErrorBody(const std::string& body);

/// "InvalidArgumentException" out of "com.amazon.coral#InvalidArgumentException:http://...".
std::string plainErrorCode(const std::string& text);

/// A text of unknown origin made fit for one line of an error message: valid UTF-8, no line breaks,
/// of bounded length, and without the part of a signature error that repeats the request's secrets.
std::string cleanMessage(const std::string& text);

}  // namespace kvsarchive::kvs
