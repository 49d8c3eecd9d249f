// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"
#include "http/document.h"

namespace kvsarchive::aws {

/// The error for an answer that is not what was asked for: "<source> refuses: status 403, Code:
/// Message". Code and message are the JSON members `code` and `message`, in either case, redacted()
/// of `secret`, which was sent (empty = none).
/// kNotAuthorized for 400 to 499 without 429, and for 200 with an error in it; else kOpenRead.
Error refusal(const std::string& source, const http::Document& answer, const std::string& secret);

/// An error of http::fetchDocument(), with who was asked: "<source> can't be asked: ...".
/// kCancelled stays as it is.
Error unanswered(const std::string& source, Error error);

}  // namespace kvsarchive::aws
