// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/archive.h"

namespace kvsemulator {

const Stream* Archive::byName(const std::string& name) const {
  for (const auto& stream : streams_) {
    if (stream->options().name == name) {
      return stream.get();
    }
  }
  return nullptr;
}

const Stream* Archive::byArn(const std::string& arn) const {
  for (const auto& stream : streams_) {
    if (stream->options().arn == arn) {
      return stream.get();
    }
  }
  return nullptr;
}

const Stream* Archive::ownerOf(const std::string& fragmentNumber) const {
  for (const auto& stream : streams_) {
    if (stream->find(fragmentNumber)) {
      return stream.get();
    }
  }
  return nullptr;
}

}  // namespace kvsemulator
