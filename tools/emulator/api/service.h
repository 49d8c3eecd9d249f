// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/data_endpoints.h"
#include "api/operation.h"
#include "archive/archive.h"
#include "auth/authenticator.h"
#include "faults/fault_list.h"
#include "http/request.h"
#include "http/request_log.h"
#include "quota/quotas.h"
#include "session/session_route.h"
#include "session/session_store.h"

namespace kvsemulator {

/// The service behind the HTTP server: routes, authenticates, calls the
/// operation, adds faults.
class Service {
 public:
  Service(const Archive& archive, Authenticator authenticator, DataEndpoints endpoints,
          FaultList faults)
      : archive_(archive),
        authenticator_(std::move(authenticator)),
        endpoints_(std::move(endpoints)),
        faults_(std::move(faults)) {}

  Reply handle(const Request& request, LogEntry& entry);
  void setFaults(FaultList faults) { faults_ = std::move(faults); }
  void setKeys(std::vector<KeySet> keys) { authenticator_.setKeys(std::move(keys)); }
  /// The service's clock is later by this than that of the machine.
  void setClockOffsetMs(int64_t offset) { clockOffsetMs_ = offset; }
  /// See Quotas::setLimits().
  void setQuotas(const QuotaLimits& limits) { quotas_.setLimits(limits); }
  /// See SessionStore::setMaxSeconds().
  void setMaxSessionSeconds(double seconds) { sessions_.setMaxSeconds(seconds); }
  /// See DataEndpoints::move().
  void moveEndpoints(const std::string& stream, OldEndpoint old) { endpoints_.move(stream, old); }

 private:
  Reply answer(const Request& request, CallDetails& details);
  Reply answerPlayer(const Request& request, const SessionRoute& route, CallDetails& details);
  int64_t clockMs() const;

  const Archive& archive_;
  Authenticator authenticator_;
  DataEndpoints endpoints_;
  FaultList faults_;
  ClipCache clips_;
  Quotas quotas_;
  SessionStore sessions_;
  int64_t clockOffsetMs_ = 0;
};

}  // namespace kvsemulator
