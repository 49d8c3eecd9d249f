// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <string_view>

#include "base/error.h"
#include "http/document.h"

namespace kvsarchive::aws {

/// What an answer of STS with another status than 200 means. kOpenRead and kBusy may pass.
/// `secrets` are what the message must not repeat.
Error stsRefusal(const http::Document& answer, std::initializer_list<std::string_view> secrets);

}  // namespace kvsarchive::aws
