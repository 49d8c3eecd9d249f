// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/document.h"

#include <openssl/crypto.h>

#include <utility>

namespace kvsarchive::http {
namespace {

constexpr size_t kMaxSize = size_t{1} << 20;

bool mayPass(const Result<Document>& document) {
  if (!document) {
    const ErrorKind kind = document.error().kind;
    return kind == ErrorKind::kOpenRead || kind == ErrorKind::kRead;
  }
  switch (document->head.status) {
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

Result<Document> receive(Exchange& exchange, const CancelToken& cancel) {
  auto head = exchange.head(cancel);
  if (!head) {
    return head.error();
  }
  Document document;
  document.head = std::move(*head);
  // Reserved at once, since a text that grows leaves copies behind.
  document.text.reserve(kMaxSize);
  while (true) {
    const auto bytes = exchange.read(cancel);
    if (!bytes) {
      return bytes.error();
    }
    if (bytes->empty()) {
      return document;
    }
    if (document.text.size() + bytes->size() > kMaxSize) {
      return makeError(ErrorKind::kDecode, "the answer has more than 1 MiB");
    }
    document.text.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }
}

}  // namespace

Document::Document(Document&& other) noexcept : head(std::move(other.head)) {
  text.swap(other.text);
}

Document::~Document() { OPENSSL_cleanse(text.data(), text.size()); }

Result<Document> fetchDocument(const CurlOptions& network, const Request& request,
                               const DocumentAttempts& attempts, const CancelToken& cancel) {
  CurlOptions limited = network;
  limited.totalTimeout = network.connectTimeout + network.stallTimeout + attempts.transfer;
  auto pause = attempts.pause;
  for (int attempt = 1;; ++attempt) {
    CurlTransport transport(limited);
    auto document = receive(*transport.send(request), cancel);
    if (!mayPass(document) || attempt >= attempts.count) {
      return document;
    }
    if (!cancel.sleepFor(pause)) {
      return cancelledError();
    }
    pause *= 2;
  }
}

}  // namespace kvsarchive::http
