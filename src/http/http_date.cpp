// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/http_date.h"

#include <curl/curl.h>

namespace kvsarchive::http {

std::optional<UnixTime> parseHttpDate(const std::string& text) {
  const time_t seconds = curl_getdate(text.c_str(), nullptr);
  if (seconds < 0 || seconds > kMaxUnixMillis / 1000) {
    return std::nullopt;
  }
  return unixTimeFromMillis(int64_t{seconds} * 1000);
}

}  // namespace kvsarchive::http
