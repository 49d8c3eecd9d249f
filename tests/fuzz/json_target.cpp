// SPDX-License-Identifier: LGPL-2.1-or-later
#include "checks.h"
#include "kvs/answers.h"
#include "kvs/service_error.h"
#include "targets.h"

namespace kvsarchive::fuzz {
namespace {

constexpr uint64_t kMaxWholeNumber = uint64_t{1} << 53;

bool isTime(UnixTime time) { return toMillis(time) >= 0 && toMillis(time) <= kMaxUnixMillis; }

void checkPage(const Result<kvs::FragmentPage>& page, Checks* checks) {
  if (!page) {
    checks->require(page.error().kind == ErrorKind::kDecode, "an error of another kind");
    checks->requireClear(page.error());
    return;
  }
  checks->require(isUtf8(page->nextToken), "a token that is not UTF-8");
  for (const kvs::Fragment& fragment : page->fragments) {
    checks->require(kvs::isFragmentNumber(fragment.number), "no fragment number");
    checks->require(isTime(fragment.producerTimestamp) && isTime(fragment.serverTimestamp),
                    "a time out of range");
    checks->require(fragment.sizeBytes <= kMaxWholeNumber, "a size out of range");
    checks->require(fragment.length.count() >= 0 && fragment.length.count() <= kMaxUnixMillis,
                    "a length out of range");
  }
}

}  // namespace

std::string json(std::string_view input) {
  Checks checks;
  const std::string body(input);
  const auto document = JsonDocument::parse(body);
  if (!document) {
    checks.require(document.error().kind == ErrorKind::kDecode, "an error of another kind");
    checks.requireClear(document.error());
    return checks.problem();
  }
  const JsonObjectView root = document->root();
  const auto endpoint = kvs::decodeDataEndpoint(root);
  if (endpoint) {
    checks.require(isUtf8(*endpoint), "an endpoint that is not UTF-8");
  } else {
    checks.requireClear(endpoint.error());
  }
  checkPage(kvs::decodeFragmentPage(root), &checks);
  if (kvs::isDisguisedError(root)) {
    checks.requireClear(kvs::decodeServiceError({200, {}}, body));
  }
  return checks.problem();
}

}  // namespace kvsarchive::fuzz
