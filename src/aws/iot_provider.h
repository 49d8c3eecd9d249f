// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>

#include "aws/credentials_provider.h"
#include "http/curl_transport.h"

namespace kvsarchive::aws {

/// What kvssink's property iot-certificate has in it.
struct IotSettings {
  std::string
      endpoint;  ///< host name, also with a port: "x.credentials.iot.eu-west-1.amazonaws.com"
  std::string certPath;  ///< PEM, the device's certificate, and others of its chain behind it
  std::string keyPath;   ///< PEM, its private key, not encrypted
  std::string caPath;    ///< PEM; empty = what other connections trust
  std::string roleAlias;
  std::string thingName;                              ///< empty = none is told
  std::chrono::milliseconds connectionTimeout{3000};  ///< name lookup, connect and TLS together
  std::chrono::milliseconds completionTimeout{5000};  ///< without a byte
};

/// Errors: kSettings for what is missing, can't be sent, or names files that can't be used.
Status checkIotSettings(const IotSettings& settings);

/// The role of an AWS IoT device, which shows its certificate for it. 3 attempts. Source:
/// https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
class IotProvider : public CredentialsProvider {
 public:
  IotProvider(http::CurlOptions network, IotSettings settings);

  const char* name() const override { return "AWS IoT certificate"; }

  /// The files are read anew each time.
  /// Errors: those of checkIotSettings(); kNotAuthorized, kOpenRead, kRead, kDecode.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const http::CurlOptions network_;
  const IotSettings settings_;
};

}  // namespace kvsarchive::aws
