// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gio/gio.h>

#include <map>
#include <string>
#include <vector>

namespace kvsarchive::test {

/// What the emulator says it stores: the truth that a pipeline's output is compared with.
struct Manifest {
  struct Fragment {
    std::string number;
    int64_t producerMs = 0;
    int64_t serverMs = 0;
    int64_t lengthMs = 0;
    uint64_t sizeBytes = 0;
    bool discont = false;
    std::map<std::string, std::string> tags;
  };
  struct Frame {
    std::string fragment;
    int track = 0;
    std::string trackType;
    int64_t timeMs = 0;        ///< by the producer's clock
    int64_t serverTimeMs = 0;  ///< by the service's
    bool key = false;
    size_t size = 0;
    std::string sha256;
  };
  std::vector<Fragment> fragments;  ///< in order of ingestion
  std::vector<Frame> frames;        ///< likewise
};

/// One request as the emulator's log has it.
struct LoggedRequest {
  std::string operation;
  int status = 0;
  std::string errorCode;  ///< of the service's; empty = none
  uint64_t bytes = 0;     ///< of the body, handed to the connection so far
  bool finished = false;  ///< nothing more will be sent
  bool spoilt = false;    ///< a fault met it
};

/// A kvs-emulator of its own for one test, on a free port of 127.0.0.1.
class EmulatorProcess {
 public:
  /// `config`: the emulator's JSON configuration. Aborts the test program if it does not start.
  explicit EmulatorProcess(const std::string& config, std::vector<std::string> arguments = {});
  ~EmulatorProcess();
  EmulatorProcess(const EmulatorProcess&) = delete;
  EmulatorProcess& operator=(const EmulatorProcess&) = delete;

  /// "http://127.0.0.1:40123"
  const std::string& url() const { return url_; }
  Manifest manifest(const std::string& stream) const;
  std::vector<LoggedRequest> requests() const;
  /// Requests for that operation, those under way included.
  size_t countRequests(const std::string& operation) const;
  /// Empties the log of requests.
  void forgetRequests() const;
  /// Replaces the list of faults: `{"faults": [...]}`.
  void setFaults(const std::string& json) const;
  /// Any other change while it runs, see docs/emulator.md: `name` "credentials", "clock", "quotas"
  /// or "move-endpoints". Aborts the test program if it is refused, as setFaults() does.
  void change(const std::string& name, const std::string& json) const;

 private:
  std::string call(const char* method, const std::string& path, const std::string& body) const;

  GSubprocess* process_ = nullptr;
  std::string url_;
};

/// Keys that the emulator accepts.
inline constexpr const char* kAccessKey = "AKIDEMULATOR";
inline constexpr const char* kSecretKey = "emulator-secret";

}  // namespace kvsarchive::test
