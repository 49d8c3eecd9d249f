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

Status readEndpoint(const ConfigSection& profile, std::string* endpoint) {
  const Setting url =
      findSetting("AWS_EC2_METADATA_SERVICE_ENDPOINT", profile, "ec2_metadata_service_endpoint");
  if (!url.value.empty()) {
    const Result<std::string> base = http::parseBaseUrl(url.value);
    if (!base) {
      return makeError(ErrorKind::kSettings, url.source + ": " + base.error().message);
    }
    *endpoint = *base;
    return {};
  }
  const Setting mode = findSetting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", profile,
                                   "ec2_metadata_service_endpoint_mode");
  if (sameWord(mode.value, "IPv6")) {
    *endpoint = kIpv6Endpoint;
  } else if (!mode.value.empty() && !sameWord(mode.value, "IPv4")) {
    return bad(mode, "IPv4 or IPv6");
  }
  return {};
}

}  // namespace

Result<ImdsOptions> imdsOptions(const ConfigSection* profile) {
  static const ConfigSection kNone;
  const ConfigSection& section = profile != nullptr ? *profile : kNone;
  ImdsOptions options;
  options.disabled = isTrue(environmentVariable("AWS_EC2_METADATA_DISABLED"));
  if (options.disabled) {
    return options;  // whatever else is set
  }
  options.v1Disabled = isTrue(
      findSetting("AWS_EC2_METADATA_V1_DISABLED", section, "ec2_metadata_v1_disabled").value);
  int seconds = 1;
  const Status statuses[] = {
      readEndpoint(section, &options.endpoint),
      readWhole(findSetting("AWS_METADATA_SERVICE_TIMEOUT", section, "metadata_service_timeout"),
                kMaxTimeoutSeconds, &seconds),
      readWhole(findSetting("AWS_METADATA_SERVICE_NUM_ATTEMPTS", section,
                            "metadata_service_num_attempts"),
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
