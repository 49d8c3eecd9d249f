// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/server_connection.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/c_ptr.h"

namespace kvsarchive::test {
namespace {

using Bio = CPtr<BIO, BIO_free>;

Bio memoryBio(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

SSL* asSsl(void* ssl) { return static_cast<SSL*>(ssl); }

}  // namespace

TlsContext::TlsContext(const std::string& certificatePem, const std::string& keyPem,
                       const std::string& clientAuthorityPem)
    : context_(SSL_CTX_new(TLS_server_method())) {
  auto* const context = static_cast<SSL_CTX*>(context_);
  const CPtr<X509, X509_free> certificate(
      PEM_read_bio_X509(memoryBio(certificatePem).get(), nullptr, nullptr, nullptr));
  const CPtr<EVP_PKEY, EVP_PKEY_free> key(
      PEM_read_bio_PrivateKey(memoryBio(keyPem).get(), nullptr, nullptr, nullptr));
  SSL_CTX_use_certificate(context, certificate.get());
  SSL_CTX_use_PrivateKey(context, key.get());
  if (!clientAuthorityPem.empty()) {
    const CPtr<X509, X509_free> authority(
        PEM_read_bio_X509(memoryBio(clientAuthorityPem).get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority.get());
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
}

TlsContext::~TlsContext() { SSL_CTX_free(static_cast<SSL_CTX*>(context_)); }

void ServerConnection::startTls(const TlsContext& tls) {
  ssl_ = SSL_new(static_cast<SSL_CTX*>(tls.get()));
  SSL_set_fd(asSsl(ssl_), socket_);
  if (SSL_accept(asSsl(ssl_)) != 1) {
    SSL_free(asSsl(ssl_));
    ssl_ = nullptr;
    shutdown(socket_, SHUT_WR);
    stall();  // a reset, because of bytes not read, would overtake the alert that says why
    close();
  }
}

std::string ServerConnection::clientName() const {
  const CPtr<X509, X509_free> certificate(ssl_ != nullptr ? SSL_get1_peer_certificate(asSsl(ssl_))
                                                          : nullptr);
  if (!certificate) {
    return {};
  }
  char name[100];
  const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()),
                                             NID_commonName, name, sizeof name);
  return {name, static_cast<size_t>(size)};
}

ServerConnection::~ServerConnection() { close(); }

bool ServerConnection::write(std::string_view bytes) {
  while (!bytes.empty() && socket_ >= 0) {
    const ssize_t sent = ssl_ != nullptr
                             ? SSL_write(asSsl(ssl_), bytes.data(), static_cast<int>(bytes.size()))
                             : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return socket_ >= 0;
}

std::string ServerConnection::read(size_t size) {
  std::string data(size, '\0');
  ssize_t received = 0;
  if (socket_ >= 0) {
    received = ssl_ != nullptr ? SSL_read(asSsl(ssl_), data.data(), static_cast<int>(size))
                               : recv(socket_, data.data(), size, 0);
  }
  data.resize(received > 0 ? static_cast<size_t>(received) : 0);
  return data;
}

void ServerConnection::close() {
  if (socket_ >= 0) {
    shutdown(socket_, SHUT_WR);
    release();
  }
}

void ServerConnection::reset() {
  const linger hard{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  release();
}

void ServerConnection::release() {
  SSL_free(asSsl(ssl_));  // without close_notify, like a server that dies
  ssl_ = nullptr;
  const std::lock_guard lock(mutex_);
  ::close(socket_);
  socket_ = -1;
}

void ServerConnection::stall() {
  while (!read(4096).empty()) {
  }
}

void ServerConnection::shutDown() {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) {
    shutdown(socket_, SHUT_RDWR);
  }
}

}  // namespace kvsarchive::test
