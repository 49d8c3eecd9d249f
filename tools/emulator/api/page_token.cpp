// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/page_token.h"

#include <glib.h>

#include <algorithm>

#include "base/digest.h"

namespace kvsemulator {
namespace {

constexpr size_t kMacLength = 16;

const std::string& processKey() {
  static const std::string kKey = [] {
    g_autofree gchar* uuid = g_uuid_string_random();
    return std::string(uuid);
  }();
  return kKey;
}

}  // namespace

std::string makePageToken(const std::string& kind, const std::vector<std::string>& fields) {
  std::string payload = kind;
  for (const std::string& field : fields) {
    payload += "\n" + field;
  }
  const std::string bytes = hmacSha256(processKey(), payload).substr(0, kMacLength) + payload;
  g_autofree gchar* token =
      g_base64_encode(reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
  return token;
}

std::optional<std::vector<std::string>> readPageToken(const std::string& token,
                                                      const std::string& kind) {
  gsize size = 0;
  g_autofree guchar* decoded = g_base64_decode(token.c_str(), &size);
  const std::string bytes(reinterpret_cast<const char*>(decoded), size);
  if (bytes.size() < kMacLength) {
    return std::nullopt;
  }
  const std::string payload = bytes.substr(kMacLength);
  if (!equalConstantTime(hmacSha256(processKey(), payload).substr(0, kMacLength),
                         bytes.substr(0, kMacLength))) {
    return std::nullopt;
  }
  std::vector<std::string> fields;
  for (size_t begin = 0; begin <= payload.size();) {
    const size_t end = std::min(payload.find('\n', begin), payload.size());
    fields.push_back(payload.substr(begin, end - begin));
    begin = end + 1;
  }
  if (fields.front() != kind) {
    return std::nullopt;
  }
  fields.erase(fields.begin());
  return fields;
}

}  // namespace kvsemulator
