// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_transport.h"

#include "http/curl_exchange.h"
#include "http/curl_transfer.h"
#include "http/curl_worker.h"

namespace kvsarchive::http {

CurlOptions CurlOptions::directly(std::chrono::milliseconds timeout) const {
  CurlOptions options = *this;
  options.connectTimeout = timeout;
  options.stallTimeout = timeout;
  options.proxy = {};
  options.proxy.never = true;
  return options;
}

CurlTransport::CurlTransport(CurlOptions options)
    : options_(std::move(options)),
      pool_(SlabPool::make()),
      worker_(std::make_shared<CurlWorker>(sharedBell(), pool_)) {}

CurlTransport::~CurlTransport() { worker_->stop(); }

std::unique_ptr<Exchange> CurlTransport::send(Request request) {
  auto transfer = std::make_shared<CurlTransfer>(std::move(request), options_, pool_, sharedBell());
  if (transfer->easy() != nullptr) {
    worker_->add(transfer);
  }
  return std::make_unique<CurlExchange>(worker_, std::move(transfer));
}

}  // namespace kvsarchive::http
