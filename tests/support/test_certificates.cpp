// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/test_certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstring>

#include "base/c_ptr.h"

namespace kvsarchive::test {
namespace {

using Bio = CPtr<BIO, BIO_free>;
using Key = CPtr<EVP_PKEY, EVP_PKEY_free>;
using X509Ptr = CPtr<X509, X509_free>;

std::string contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

Bio reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

void addExtension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const CPtr<X509_EXTENSION, X509_EXTENSION_free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  X509_add_ext(certificate, extension.get(), -1);
}

X509Ptr makeUnsigned(EVP_PKEY* key, const char* commonName, long serial) {
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(commonName), -1, -1, 0);
  return certificate;
}

Certificate toPem(X509* certificate, EVP_PKEY* key) {
  const Bio certificateBio(BIO_new(BIO_s_mem()));
  const Bio keyBio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificateBio.get(), certificate);
  PEM_write_bio_PrivateKey(keyBio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {contents(certificateBio.get()), contents(keyBio.get())};
}

template <typename AddExtensions>
Certificate makeSigned(const Certificate& authority, const char* commonName,
                       AddExtensions addExtensions) {
  const X509Ptr issuer(
      PEM_read_bio_X509(reader(authority.certificatePem).get(), nullptr, nullptr, nullptr));
  const Key issuerKey(
      PEM_read_bio_PrivateKey(reader(authority.keyPem).get(), nullptr, nullptr, nullptr));
  const Key key(EVP_EC_gen("P-256"));
  const X509Ptr certificate = makeUnsigned(key.get(), commonName, 2);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  addExtensions(certificate.get(), issuer.get());
  X509_sign(certificate.get(), issuerKey.get(), EVP_sha256());
  return toPem(certificate.get(), key.get());
}

}  // namespace

Certificate makeAuthority(const char* commonName) {
  const Key key(EVP_EC_gen("P-256"));
  const X509Ptr certificate = makeUnsigned(key.get(), commonName, 1);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  addExtension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  addExtension(certificate.get(), certificate.get(), NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  return toPem(certificate.get(), key.get());
}

Certificate makeServerCertificate(const Certificate& authority, const std::string& names) {
  return makeSigned(authority, "Test server", [&](X509* certificate, X509* issuer) {
    addExtension(certificate, issuer, NID_subject_alt_name, names);
  });
}

Certificate makeClientCertificate(const Certificate& authority, const char* commonName) {
  return makeSigned(authority, commonName, [](X509* certificate, X509* issuer) {
    addExtension(certificate, issuer, NID_ext_key_usage, "clientAuth");
  });
}

std::string encrypted(const std::string& keyPem, const char* passphrase) {
  const Key key(PEM_read_bio_PrivateKey(reader(keyPem).get(), nullptr, nullptr, nullptr));
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), EVP_aes_256_cbc(), passphrase,
                                static_cast<int>(std::strlen(passphrase)), nullptr, nullptr);
  return contents(bio.get());
}

}  // namespace kvsarchive::test
