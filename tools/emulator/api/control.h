// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "api/service.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/request_log.h"

namespace kvsemulator {

/// The emulator's own requests, below /_emulator/, for tests: manifest, request
/// log, faults.
class Control {
 public:
  Control(const Archive& archive, Service& service, RequestLog& log)
      : archive_(archive), service_(service), log_(log) {}

  static bool owns(const Request& request) { return request.path.rfind("/_emulator/", 0) == 0; }
  Reply handle(const Request& request);

 private:
  Reply manifest(const Request& request) const;
  Reply requests(const Request& request);
  Reply faults(const Request& request);

  const Archive& archive_;
  Service& service_;
  RequestLog& log_;
};

}  // namespace kvsemulator
