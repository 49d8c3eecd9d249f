// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/imds_options.h"

#include <glib.h>

#include "aws/environment.h"
#include "aws/setting.h"
#include "base/text.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kIpv6Endpoint = "http://[fd00:ec2::254]";
constexpr int kMaxTimeoutSeconds = 3600;
constexpr int kMaxAttempts = 100;

/// `profile` may be null.
Setting find(const char* variable, const char* key, const ConfigSection* profile) {
  return findSetting(variable, profile != nullptr ? *profile : ConfigSection(), key);
}

Error bad(const Setting& setting, const std::string& expected) {
  return makeError(ErrorKind::kSettings,
                   setting.source + " is " + quoted(setting.value) + ", but must be " + expected);
}

bool sameWord(const std::string& a, const char* b) { return g_ascii_strcasecmp(a.c_str(), b) == 0; }

bool isTrue(const std::string& value) { return sameWord(value, "true"); }

Status readWhole(const Setting& setting, int max, int* value) {
  if (setting.value.empty()) {
    return {};
  }
  const auto number = parseWhole(setting.value, 1, max);
  if (!number) {
    return bad(setting, "a whole number from 1 to " + std::to_string(max));
  }
  *value = *number;
  return {};
}

Status readEndpoint(const ConfigSection* profile, std::string* endpoint) {
  const Setting url =
      find("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint", profile);
  if (!url.value.empty()) {
    const Result<std::string> base = http::parseBaseUrl(url.value);
    if (!base) {
      return makeError(ErrorKind::kSettings, url.source + ": " + base.error().message);
    }
    *endpoint = *base;
    return {};
  }
  const Setting mode =
      find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode", profile);
  if (sameWord(mode.value, "IPv6")) {
    *endpoint = kIpv6Endpoint;
  } else if (!mode.value.empty() && !sameWord(mode.value, "IPv4")) {
    return bad(mode, "IPv4 or IPv6");
  }
  return {};
}

}  // namespace

Result<ImdsOptions> imdsOptions(const ConfigSection* profile) {
  ImdsOptions options;
  options.disabled = isTrue(environmentVariable("AWS_EC2_METADATA_DISABLED"));
  if (options.disabled) {
    return options;  // whatever else is set
  }
  options.v1Disabled =
      isTrue(find("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled", profile).value);
  int seconds = 1;
  const Status statuses[] = {
      readEndpoint(profile, &options.endpoint),
      readWhole(find("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout", profile),
                kMaxTimeoutSeconds, &seconds),
      readWhole(find("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts", profile),
                kMaxAttempts, &options.attempts)};
  for (const Status& status : statuses) {
    if (!status) {
      return status.error();
    }
  }
  options.timeout = std::chrono::seconds(seconds);
  return options;
}

}  // namespace kvsarchive::aws
