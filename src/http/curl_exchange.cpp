// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/curl_exchange.h"

namespace kvsarchive::http {

CurlExchange::CurlExchange(std::shared_ptr<CurlWorker> worker,
                           std::shared_ptr<CurlTransfer> transfer)
    : worker_(std::move(worker)), transfer_(std::move(transfer)) {}

CurlExchange::~CurlExchange() {
  if (!transfer_->stream().finished()) {
    worker_->remove(std::move(transfer_));
  }
}

Result<ResponseHead> CurlExchange::head(const CancelToken& cancel) {
  return transfer_->stream().head(cancel);
}

Result<Bytes> CurlExchange::read(const CancelToken& cancel) {
  Result<Bytes> bytes = transfer_->stream().read(cancel);
  goOnIfRoom();
  return bytes;
}

void CurlExchange::allow(size_t bytes) {
  transfer_->stream().allow(bytes);
  goOnIfRoom();
}

void CurlExchange::goOnIfRoom() {
  if (transfer_->stream().takeRoom()) {
    worker_->resume(transfer_);
  }
}

}  // namespace kvsarchive::http
