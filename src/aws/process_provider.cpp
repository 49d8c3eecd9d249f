// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/process_provider.h"

#include <glib.h>

#include "base/c_ptr.h"
#include "base/iso8601.h"
#include "base/json_document.h"

namespace kvsarchive::aws {
namespace {

Error bad(const char* what) {
  return makeError(ErrorKind::kDecode, std::string("what its program prints ") + what);
}

Result<std::vector<std::string>> split(const std::string& command) {
  int count = 0;
  char** words = nullptr;
  if (!g_shell_parse_argv(command.c_str(), &count, &words, nullptr)) {
    return makeError(ErrorKind::kSettings, "it is no command line: look at its quotes");
  }
  const CPtr<char*, g_strfreev> owner(words);
  return std::vector<std::string>(words, words + count);
}

/// None of the parsers' own messages are handed on: they may quote the text.
Result<Credentials> parse(const std::string& text) {
  const auto document = JsonDocument::parse(text);
  if (!document) {
    return bad("is no JSON object");
  }
  const JsonObjectView root = document->root();
  const auto version = root.wholeNumber("Version");
  if (!version || *version != 1) {
    return bad("is not of Version 1");
  }
  auto id = root.string("AccessKeyId");
  auto secret = root.string("SecretAccessKey");
  auto token = root.optionalString("SessionToken");
  // Owns the secrets from here on, whatever is wrong with the others.
  Credentials found(id ? *id : "", secret ? std::move(*secret) : "",
                    token ? std::move(*token) : "");
  if (found.accessKeyId.empty()) {
    return bad("has no AccessKeyId");
  }
  if (found.secretKey.empty()) {
    return bad("has no SecretAccessKey");
  }
  if (!token) {
    return bad("has a SessionToken that is no text");
  }
  if (root.has("Expiration")) {
    const auto expiration = root.string("Expiration");
    const auto time = parseIso8601(expiration ? *expiration : "");
    if (!time) {
      return bad("has an Expiration that is no time");
    }
    found.expires = *time;
  }
  return found;
}

Result<Credentials> run(const std::string& command, const ProgramLimits& limits,
                        const CancelToken& cancel) {
  const auto words = split(command);
  if (!words) {
    return words.error();
  }
  auto text = programOutput(*words, limits, cancel);
  if (!text) {
    return text.error();
  }
  auto found = parse(*text);
  wipe(*text);
  return found;
}

}  // namespace

Result<Credentials> ProcessProvider::credentials(const CancelToken& cancel) {
  if (command_.empty()) {
    return makeError(ErrorKind::kAbsent, "credential_process is not set in the AWS profile");
  }
  auto found = run(command_, limits_, cancel);
  if (!found && found.error().kind != ErrorKind::kCancelled) {
    found.error().message.insert(0, "credential_process in the AWS profile: ");
  }
  return found;
}

}  // namespace kvsarchive::aws
