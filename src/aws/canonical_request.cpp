// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/canonical_request.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/digest.h"

namespace kvsarchive::aws {
namespace {

constexpr std::array<std::string_view, 7> kUnsignedHeaders{
    "authorization",   "connection", "expect",     "transfer-encoding",
    "x-amzn-trace-id", "upgrade",    "user-agent",
};
constexpr std::string_view kUnsignedPrefix = "sec-websocket-";

bool isAlphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Percent-encodes all but the unreserved characters and those in `kept`.
std::string encode(std::string_view text, std::string_view kept) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (isAlphanumeric(c) || std::string_view("-._~").find(c) != std::string_view::npos ||
        kept.find(c) != std::string_view::npos) {
      encoded.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
  }
  return encoded;
}

/// As encode(), but what is encoded already stays.
std::string encodeOnce(std::string_view text) {
  std::string encoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool isEncoded =
        text[i] == '%' && i + 2 < text.size() && isHexDigit(text[i + 1]) && isHexDigit(text[i + 2]);
    encoded.append(isEncoded ? "%" : encode(text.substr(i, 1), ""));
  }
  return encoded;
}

template <typename Visit>
void forEachPart(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(separator), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string normalize(std::string_view path) {
  std::vector<std::string_view> segments;
  forEachPart(path, '/', [&](std::string_view segment) {
    if (segment == "..") {
      if (!segments.empty()) {
        segments.pop_back();
      }
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  });
  std::string normal;
  for (const std::string_view segment : segments) {
    normal.append("/").append(segment);
  }
  if (normal.empty() || path.back() == '/') {
    normal.push_back('/');
  }
  return normal;
}

std::string canonicalPath(const SignableRequest& request) {
  const std::string path = request.path.empty() ? "/" : request.path;
  // Already encoded paths are encoded again: the service decodes them once before it signs.
  return encode(request.normalizePath ? normalize(path) : path, "/");
}

std::string canonicalQuery(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  forEachPart(query, '&', [&](std::string_view parameter) {
    const size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    parameters.emplace_back(encodeOnce(parameter.substr(0, equals)), encodeOnce(value));
  });
  std::sort(parameters.begin(), parameters.end());
  std::string text;
  for (const auto& [name, value] : parameters) {
    text.append(text.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return text;
}

std::string lowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

/// Trimmed, and inner runs of white space made one space.
std::string trimAll(std::string_view text) {
  std::string trimmed;
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      gap = true;
      continue;
    }
    if (gap && !trimmed.empty()) {
      trimmed.push_back(' ');
    }
    gap = false;
    trimmed.push_back(c);
  }
  return trimmed;
}

bool isSigned(std::string_view name) {
  return std::find(kUnsignedHeaders.begin(), kUnsignedHeaders.end(), name) ==
             kUnsignedHeaders.end() &&
         name.substr(0, kUnsignedPrefix.size()) != kUnsignedPrefix;
}

}  // namespace

CanonicalRequest canonicalRequest(const SignableRequest& request) {
  std::map<std::string, std::string> headers;
  for (const http::Header& header : request.headers) {
    const std::string name = lowerCase(header.name);
    if (!isSigned(name)) {
      continue;
    }
    const auto [position, isNew] = headers.emplace(name, trimAll(header.value));
    if (!isNew) {
      position->second.append(",").append(trimAll(header.value));
    }
  }
  CanonicalRequest canonical;
  canonical.text =
      request.method + "\n" + canonicalPath(request) + "\n" + canonicalQuery(request.query) + "\n";
  for (const auto& [name, value] : headers) {
    canonical.text.append(name).append(":").append(value).append("\n");
    canonical.signedHeaders.append(canonical.signedHeaders.empty() ? "" : ";").append(name);
  }
  canonical.text.append("\n").append(canonical.signedHeaders).append("\n");
  canonical.text.append(toHex(sha256(request.body)));
  return canonical;
}

}  // namespace kvsarchive::aws
