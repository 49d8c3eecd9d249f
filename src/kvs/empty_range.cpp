// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/empty_range.h"

#include "base/iso8601.h"

namespace kvsarchive::kvs {

std::string describe(const FragmentSelector& selector) {
  const bool isProducer = selector.type == SelectorType::kProducerTimestamp;
  return "between " + formatIso8601(selector.start) + " and " + formatIso8601(selector.end) +
         " UTC by its " + (isProducer ? "producer" : "server") + " timestamp";
}

Error emptyRange(const FragmentSelector& selector) {
  Error error =
      makeError(ErrorKind::kNotFound, "No fragment of the stream starts " + describe(selector));
  error.operation = "ListFragments";
  return error;
}

}  // namespace kvsarchive::kvs
