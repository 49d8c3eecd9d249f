// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/operation.h"

namespace kvsemulator {
namespace {

constexpr TextRule kNameRule{1, 256, "[a-zA-Z0-9_.-]+"};
constexpr TextRule kArnRule{1, 1024,
                            "arn:[a-z\\d-]+:kinesisvideo:[a-z0-9-]+:[0-9]+:[a-"
                            "z]+/[a-zA-Z0-9_.-]+/[0-9]+"};

}  // namespace

const Stream* namedStream(const CallContext& context, ApiRequest& request) {
  const auto name = request.text("StreamName", kNameRule);
  const auto arn = request.text("StreamARN", kArnRule);
  if (request.error()) {
    return nullptr;
  }
  if (name.has_value() == arn.has_value()) {
    request.reject(
        invalidArgument(name ? "Either StreamName or StreamARN must be provided, not both."
                             : "Either StreamName or StreamARN must be provided.")
            .error);
    return nullptr;
  }
  context.details.stream = name ? *name : *arn;
  const Stream* stream = name ? context.archive.byName(*name) : context.archive.byArn(*arn);
  if (!stream) {
    request.reject(resourceNotFound("The requested stream is not found or not active.").error);
    return nullptr;
  }
  context.details.stream = stream->options().name;
  return stream;
}

}  // namespace kvsemulator
