// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/result.h"

namespace kvsarchive::kvs {

/// A stream by name or by ARN, exactly one of them set.
struct StreamId {
  std::string name;
  std::string arn;

  const std::string& text() const { return name.empty() ? arn : name; }
};

/// Checks name and ARN against the service's patterns. Errors: kSettings, also for none or both.
Result<StreamId> makeStreamId(const std::string& name, const std::string& arn);

/// The name, be it given by itself or in the ARN.
std::string nameOf(const StreamId& stream);

/// Region field of a valid stream ARN; empty for any other text.
std::string regionOfArn(const std::string& arn);

}  // namespace kvsarchive::kvs
