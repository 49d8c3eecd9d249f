// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/sso_token_cache.h"

#include <glib.h>

#include "aws/credentials.h"
#include "aws/home_path.h"
#include "aws/json_members.h"
#include "base/c_ptr.h"
#include "base/iso8601.h"
#include "base/json_document.h"
#include "base/small_file.h"
#include "base/text.h"

namespace kvsarchive::aws {
namespace {

constexpr size_t kMaxFile = size_t{1} << 20;
constexpr int kUserOnly = 0600;

/// Older tools wrote "2020-06-17T10:02:08UTC".
Result<UnixTime> timeIn(const JsonObjectView& object, const char* member) {
  Result<std::string> text = object.string(member);
  if (!text) {
    return text.error();
  }
  constexpr std::string_view kOldZone = "UTC";
  if (text->size() > kOldZone.size() &&
      text->compare(text->size() - kOldZone.size(), kOldZone.size(), kOldZone) == 0) {
    text->replace(text->size() - kOldZone.size(), kOldZone.size(), "Z");
  }
  return parseIso8601(*text);
}

std::string textIn(const JsonObjectView& object, const char* member) {
  Result<std::string> text = object.optionalString(member);
  return text ? std::move(*text) : std::string();
}

/// Nothing when it can't be used.
std::optional<SsoToken> parse(const std::string& json) {
  const Result<JsonDocument> document = JsonDocument::parse(json);
  if (!document) {
    return std::nullopt;
  }
  const JsonObjectView root = document->root();
  const Result<UnixTime> expires = timeIn(root, "expiresAt");
  const Result<UnixTime> registrationExpires = timeIn(root, "registrationExpiresAt");
  SsoToken token;
  token.accessToken = textIn(root, "accessToken");
  token.refreshToken = textIn(root, "refreshToken");
  token.clientId = textIn(root, "clientId");
  token.clientSecret = textIn(root, "clientSecret");
  if (token.accessToken.empty() || !expires) {
    return std::nullopt;
  }
  token.expires = *expires;
  if (registrationExpires) {
    token.registrationExpires = *registrationExpires;
  }
  return token;
}

std::string wholeSeconds(UnixTime time) {
  constexpr size_t kToSeconds = 19;  // "2026-03-01T10:00:00"
  return formatIso8601(time).substr(0, kToSeconds) + "Z";
}

}  // namespace

SsoTokenCache::SsoTokenCache() : folder_(expandHome("~/.aws/sso/cache")) {}

std::string SsoTokenCache::path(const SsoLogin& login) const {
  const std::string& key = login.session.empty() ? login.startUrl : login.session;
  const CPtr<char, g_free> name(
      g_compute_checksum_for_string(G_CHECKSUM_SHA1, key.c_str(), static_cast<gssize>(key.size())));
  return folder_ + "/" + name.get() + ".json";
}

Result<SsoToken> SsoTokenCache::load(const SsoLogin& login) const {
  Result<std::string> json = readSmallFile(path(login), kMaxFile);
  if (!json) {
    return json.error().kind == ErrorKind::kAbsent ? loginNeeded(login, "there is no SSO login yet")
                                                   : json.error();
  }
  std::optional<SsoToken> token = parse(*json);
  wipe(*json);
  if (!token) {
    Error error = loginNeeded(login, quoted(path(login)) + " has no SSO login that can be used");
    error.kind = ErrorKind::kDecode;
    return error;
  }
  return std::move(*token);
}

Status SsoTokenCache::store(const SsoLogin& login, const SsoToken& token) const {
  const std::string file = path(login);
  Result<std::string> old = readSmallFile(file, kMaxFile);
  if (!old) {
    return makeError(ErrorKind::kSettings, old.error().message);
  }
  Result<std::string> json = withMembers(*old, {{"accessToken", token.accessToken},
                                                {"expiresAt", wholeSeconds(token.expires)},
                                                {"refreshToken", token.refreshToken}});
  wipe(*old);
  if (!json) {
    return makeError(ErrorKind::kSettings, quoted(file) + " can't be changed");
  }
  const bool isWritten =
      g_file_set_contents_full(file.c_str(), json->data(), static_cast<gssize>(json->size()),
                               G_FILE_SET_CONTENTS_CONSISTENT, kUserOnly, nullptr) != FALSE;
  wipe(*json);
  if (!isWritten) {
    return makeError(ErrorKind::kSettings, quoted(file) + " can't be written");
  }
  return {};
}

}  // namespace kvsarchive::aws
