// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "http/curl_transfer.h"
#include "http/curl_worker.h"
#include "http/transport.h"

namespace kvsarchive::http {

/// The reader's end of a CurlTransfer.
class CurlExchange : public Exchange {
 public:
  CurlExchange(std::shared_ptr<CurlWorker> worker, std::shared_ptr<CurlTransfer> transfer);
  ~CurlExchange() override;

  Result<ResponseHead> head(const CancelToken& cancel) override;
  Result<Bytes> read(const CancelToken& cancel) override;
  bool hasHead() override { return transfer_->stream().hasHead(); }
  bool hasBytes() override { return transfer_->stream().hasBytes(); }
  size_t waitingBytes() const override { return transfer_->stream().waitingBytes(); }
  void allow(size_t bytes) override;

 private:
  void goOnIfRoom();

  std::shared_ptr<CurlWorker> worker_;
  std::shared_ptr<CurlTransfer> transfer_;
};

}  // namespace kvsarchive::http
