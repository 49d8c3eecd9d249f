// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>

#include "api/service.h"
#include "base/json_reader.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/request_log.h"

namespace kvsemulator {

/// The emulator's own requests, below /_emulator/, for tests: what happened, and
/// what shall happen from now on.
class Control {
 public:
  Control(const Archive& archive, Service& service, RequestLog& log)
      : archive_(archive), service_(service), log_(log) {}

  static bool owns(const Request& request) { return request.path.rfind("/_emulator/", 0) == 0; }
  Reply handle(const Request& request);

 private:
  Reply manifest(const Request& request) const;
  Reply requests(const Request& request);
  /// Reads what a request changes; returns what does it, if nothing is wrong.
  using ReadChange = std::function<std::function<void()>(JsonReader& json)>;
  static Reply change(const Request& request, const ReadChange& read);

  const Archive& archive_;
  Service& service_;
  RequestLog& log_;
};

}  // namespace kvsemulator
