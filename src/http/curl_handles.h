// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

struct curl_slist;

namespace kvsarchive::http {

// Owners of libcurl's objects for headers, which libcurl's own header stays out of: its CURL and
// CURLM are void.

struct EasyDeleter {
  void operator()(void* easy) const;
};
struct MultiDeleter {
  void operator()(void* multi) const;
};
struct SlistDeleter {
  void operator()(curl_slist* list) const;
};

using EasyHandle = std::unique_ptr<void, EasyDeleter>;
using MultiHandle = std::unique_ptr<void, MultiDeleter>;
using Slist = std::unique_ptr<curl_slist, SlistDeleter>;

/// Both initialise libcurl on first use, on any thread; empty when it has no resources left.
EasyHandle makeEasyHandle();
MultiHandle makeMultiHandle();

}  // namespace kvsarchive::http
