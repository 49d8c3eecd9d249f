// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::test {

struct Certificate {
  std::string certificatePem;
  std::string keyPem;
};

/// A self-signed authority, valid for a day.
Certificate makeAuthority(const char* commonName = "Test authority");

/// A server certificate signed by `authority`; `names` as OpenSSL writes them:
/// "IP:127.0.0.1,DNS:localhost".
Certificate makeServerCertificate(const Certificate& authority, const std::string& names);

/// A device's certificate signed by `authority`.
Certificate makeClientCertificate(const Certificate& authority, const char* commonName);

/// The private key, encrypted with a passphrase.
std::string encrypted(const std::string& keyPem, const char* passphrase);

}  // namespace kvsarchive::test
