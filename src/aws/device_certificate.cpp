// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/device_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <utility>

#include "aws/credentials.h"
#include "base/c_ptr.h"
#include "base/small_file.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxFile = size_t{4} << 20;  // the system's authorities together have 0.2 MiB

using Bio = CPtr<BIO, BIO_free>;
using Certificate = CPtr<X509, X509_free>;
using Key = CPtr<EVP_PKEY, EVP_PKEY_free>;

Error bad(const char* setting, const std::string& path, const std::string& why) {
  ERR_clear_error();  // else the next who uses OpenSSL on this thread takes them for its own
  return makeError(ErrorKind::kSettings, std::string(setting) + " " + quoted(path) + " " + why);
}

Bio reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Stands in for the question at the terminal, and notes that it was asked.
int noPassphrase(char*, int, int, void* wasAsked) {
  *static_cast<bool*>(wasAsked) = true;
  return -1;
}

Result<std::string> read(const char* setting, const std::string& path) {
  Result<std::string> text = readSmallFile(path, kMaxFile);
  if (!text) {
    return makeError(ErrorKind::kSettings, std::string(setting) + " " + text.error().message);
  }
  return text;
}

Result<Certificate> readCertificate(const char* setting, const std::string& path) {
  const Result<std::string> text = read(setting, path);
  if (!text) {
    return text.error();
  }
  Certificate certificate(PEM_read_bio_X509(reader(*text).get(), nullptr, nullptr, nullptr));
  if (!certificate) {
    return bad(setting, path, "has no PEM certificate in it");
  }
  return certificate;
}

Result<Key> readKey(const std::string& path) {
  Result<std::string> text = read("key-path", path);
  if (!text) {
    return text.error();
  }
  bool isEncrypted = false;
  Key key(PEM_read_bio_PrivateKey(reader(*text).get(), nullptr, &noPassphrase, &isEncrypted));
  wipe(*text);
  if (!key) {
    return bad("key-path", path,
               isEncrypted ? "is encrypted: store the key without a passphrase"
                           : "has no PEM private key in it");
  }
  return key;
}

}  // namespace

Status checkDeviceCertificate(const std::string& certPath, const std::string& keyPath,
                              const std::string& caPath) {
  const Result<Certificate> certificate = readCertificate("cert-path", certPath);
  if (!certificate) {
    return certificate.error();
  }
  const Result<Key> key = readKey(keyPath);
  if (!key) {
    return key.error();
  }
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return bad("key-path", keyPath, "is not the key of the certificate " + quoted(certPath));
  }
  if (caPath.empty()) {
    return {};
  }
  const Result<Certificate> authority = readCertificate("ca-path", caPath);
  return authority ? Status() : Status(authority.error());
}

}  // namespace kvsarchive::aws
