// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>

#include "aws/config_section.h"
#include "base/result.h"

namespace kvsarchive::aws {

/// How the metadata service of an EC2 instance is asked.
struct ImdsOptions {
  bool disabled = false;
  bool v1Disabled = false;                          ///< never without a token
  std::string endpoint = "http://169.254.169.254";  ///< without a final slash
  std::chrono::milliseconds timeout{1000};          ///< to connect, and without a byte
  int attempts = 1;                                 ///< at each request; 1 or more
};

/// What environment and profile (null = none) say; the environment goes first, an empty variable
/// counts as not set:
/// - AWS_EC2_METADATA_DISABLED, and AWS_EC2_METADATA_V1_DISABLED or ec2_metadata_v1_disabled:
/// "true"
///   in any case; all else is no, as in AWS's tools
/// - AWS_EC2_METADATA_SERVICE_ENDPOINT, ec2_metadata_service_endpoint: an http(s) URL
/// - AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, ec2_metadata_service_endpoint_mode: IPv4 or IPv6, in
///   any case; does not count where the endpoint is set
/// - AWS_METADATA_SERVICE_TIMEOUT, metadata_service_timeout: 1 to 3600 s
/// - AWS_METADATA_SERVICE_NUM_ATTEMPTS, metadata_service_num_attempts: 1 to 100
/// Errors: kSettings for other values, unless the service is disabled, by the name of what is set.
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
Result<ImdsOptions> imdsOptions(const ConfigSection* profile);

}  // namespace kvsarchive::aws
