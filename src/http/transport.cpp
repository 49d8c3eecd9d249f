// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/transport.h"

namespace kvsarchive::http {

Result<std::string> readAll(Exchange& exchange, size_t limit, const CancelToken& cancel) {
  std::string body;
  while (true) {
    const Result<Bytes> bytes = exchange.read(cancel);
    if (!bytes) {
      return bytes.error();
    }
    if (bytes->empty()) {
      return body;
    }
    if (bytes->size() > limit - body.size()) {
      return makeError(ErrorKind::kDecode,
                       "the answer is longer than " + std::to_string(limit) + " bytes");
    }
    body.append(bytes->view());
  }
}

}  // namespace kvsarchive::http
