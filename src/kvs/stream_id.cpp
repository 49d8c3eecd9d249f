// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/stream_id.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace kvsarchive::kvs {
namespace {

constexpr size_t kMaxNameLength = 256;
constexpr size_t kMaxArnLength = 1024;

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isPartitionChar(char c) { return isLower(c) || isDigit(c) || c == '-'; }
bool isNameChar(char c) {
  return isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '.' || c == '-';
}

bool consistsOf(std::string_view text, bool (*allowed)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

/// Splits into exactly N parts.
template <size_t N>
std::optional<std::array<std::string_view, N>> split(std::string_view text, char separator) {
  std::array<std::string_view, N> parts;
  for (size_t i = 0; i < N; ++i) {
    const size_t end = text.find(separator);
    const bool isLast = i + 1 == N;
    if ((end == std::string_view::npos) != isLast) {
      return std::nullopt;
    }
    parts[i] = text.substr(0, end);
    text.remove_prefix(isLast ? text.size() : end + 1);
  }
  return parts;
}

/// arn:partition:kinesisvideo:region:account:stream/name/creation-time
bool isStreamArn(std::string_view arn) {
  const auto fields = split<6>(arn, ':');
  if (!fields || arn.size() > kMaxArnLength) {
    return false;
  }
  const auto& [scheme, partition, service, region, account, resource] = *fields;
  const auto resourceParts = split<3>(resource, '/');
  if (!resourceParts) {
    return false;
  }
  const auto& [type, name, creationTime] = *resourceParts;
  return scheme == "arn" && consistsOf(partition, isPartitionChar) && service == "kinesisvideo" &&
         consistsOf(region, isPartitionChar) && consistsOf(account, isDigit) &&
         consistsOf(type, isLower) && consistsOf(name, isNameChar) &&
         consistsOf(creationTime, isDigit);
}

}  // namespace

Result<StreamId> makeStreamId(const std::string& name, const std::string& arn) {
  if (name.empty() == arn.empty()) {
    return makeError(ErrorKind::kSettings, name.empty()
                                               ? "no stream: set stream-name or stream-arn"
                                               : "set either stream-name or stream-arn, not both");
  }
  if (!name.empty() && (name.size() > kMaxNameLength || !consistsOf(name, isNameChar))) {
    return makeError(ErrorKind::kSettings,
                     quoted(name) + " is not a stream name: 1 to 256 of a-z A-Z 0-9 _ . -");
  }
  if (!arn.empty() && !isStreamArn(arn)) {
    return makeError(ErrorKind::kSettings,
                     quoted(arn) + " is not the ARN of a stream such as " +
                         "arn:aws:kinesisvideo:eu-west-1:111122223333:stream/cam1/1598784211076");
  }
  return StreamId{name, arn};
}

std::string nameOf(const StreamId& stream) {
  const size_t name = stream.arn.find('/') + 1;
  return stream.arn.empty() ? stream.name : stream.arn.substr(name, stream.arn.rfind('/') - name);
}

std::string regionOfArn(const std::string& arn) {
  const auto fields = split<6>(arn, ':');
  return fields ? std::string((*fields)[3]) : std::string();
}

}  // namespace kvsarchive::kvs
