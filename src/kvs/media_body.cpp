// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/media_body.h"

namespace kvsarchive::kvs {

Result<Bytes> MediaBody::read(const CancelToken& cancel) {
  auto bytes = exchange_->read(cancel);
  if (!bytes && bytes.error().kind != ErrorKind::kCancelled) {
    return annotate(std::move(bytes.error()));
  }
  return bytes;
}

Error MediaBody::annotate(Error error) const {
  error.operation = request_.operation;
  error.stream = request_.stream;
  error.httpStatus = request_.httpStatus;
  error.requestId = request_.requestId;
  return error;
}

}  // namespace kvsarchive::kvs
