// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "archive/bulk_options.h"
#include "archive/stream.h"
#include "auth/key_set.h"
#include "faults/fault_list.h"
#include "http/server.h"
#include "matroska/layout.h"
#include "media/file_options.h"
#include "media/generated_options.h"
#include "quota/quota_limits.h"

namespace kvsemulator {

struct RawOptions {
  std::string path;
};

using RecordingOptions = std::variant<GeneratedOptions, FileOptions, RawOptions, BulkOptions>;

struct RecordingConfig {
  RecordingOptions options;
  Layout layout;
  bool live = false;  ///< fragments come in while the emulator runs
  std::string text;   ///< all that went into it, as key of the cache
};

struct StreamConfig {
  StreamOptions options;
  std::vector<RecordingConfig> recordings;
};

/// Everything the emulator can be told.
struct Config {
  ServerOptions server;
  std::string region = "us-east-1";  ///< empty = any is accepted
  std::string account = "123456789012";
  bool flatEndpoints = false;
  std::vector<KeySet> keys;
  int64_t clockOffsetMs = 0;
  QuotaLimits quotas;
  double maxSessionSeconds = 0;  ///< 0 = as long as sessions ask for
  std::vector<StreamConfig> streams;
  FaultList faults;
  std::string manifestPath;
  std::string requestLogPath;
  std::string cacheDir;
};

}  // namespace kvsemulator
