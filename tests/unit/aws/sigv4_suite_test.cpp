// SPDX-License-Identifier: LGPL-2.1-or-later
// AWS's own signing cases, from outside the project; skipped where they are not there.
#include <gtest/gtest.h>
#include <json-glib/json-glib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "aws/canonical_request.h"
#include "aws/digest.h"
#include "aws/sigv4.h"
#include "base/c_ptr.h"
#include "base/iso8601.h"

namespace kvsarchive::aws {
namespace {

namespace fs = std::filesystem;

fs::path suiteFolder() {
  const char* const shared = std::getenv("KVSARCHIVE_SHARED_DATA");
  return fs::path(shared != nullptr ? shared : SHARED_DATA_DIR) / "sigv4" / "v4";
}

std::string readFile(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

struct Context {
  Credentials credentials;
  SigningScope scope;
  bool normalize = false;
  bool signBody = false;
  bool omitToken = false;
};

Context readContext(const fs::path& path) {
  const CPtr<JsonParser, g_object_unref> parser(json_parser_new());
  Context context;
  if (json_parser_load_from_file(parser.get(), path.c_str(), nullptr) == 0) {
    ADD_FAILURE() << path;
    return context;
  }
  JsonObject* const root = json_node_get_object(json_parser_get_root(parser.get()));
  JsonObject* const keys = json_object_get_object_member(root, "credentials");
  context.credentials = Credentials(json_object_get_string_member(keys, "access_key_id"),
                                    json_object_get_string_member(keys, "secret_access_key"),
                                    json_object_get_string_member_with_default(keys, "token", ""));
  context.scope = {json_object_get_string_member(root, "region"),
                   json_object_get_string_member(root, "service"),
                   *parseIso8601(json_object_get_string_member(root, "timestamp"))};
  context.normalize = json_object_get_boolean_member(root, "normalize") != 0;
  context.signBody = json_object_get_boolean_member(root, "sign_body") != 0;
  context.omitToken =
      json_object_get_boolean_member_with_default(root, "omit_session_token", 0) != 0;
  return context;
}

/// request.txt: an HTTP request, as people write it.
SignableRequest readRequest(const fs::path& path) {
  const std::string text = readFile(path);
  const size_t headEnd = std::min(text.find("\n\n"), text.size());
  std::istringstream head(text.substr(0, headEnd));
  SignableRequest request;
  std::string line;
  std::getline(head, line);
  const size_t targetStart = line.find(' ') + 1;
  const std::string target = line.substr(targetStart, line.rfind(" HTTP/1.1") - targetStart);
  const size_t question = std::min(target.find('?'), target.size());
  request.method = line.substr(0, targetStart - 1);
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  while (std::getline(head, line)) {
    const size_t colon = line.find(':');
    if (line.front() == ' ') {
      request.headers.back().value += "\n" + line;
    } else {
      request.headers.push_back({line.substr(0, colon), line.substr(colon + 1)});
    }
  }
  request.body = text.substr(std::min(headEnd + 2, text.size()));
  return request;
}

void checkCase(const fs::path& folder) {
  SCOPED_TRACE(folder.filename());
  const Context context = readContext(folder / "context.json");
  SignableRequest request = readRequest(folder / "request.txt");
  request.normalizePath = context.normalize;
  // What the caller adds before signing; sign() does the same for the headers we send.
  request.headers.push_back({"X-Amz-Date", formatIso8601Basic(context.scope.time)});
  if (context.signBody) {
    request.headers.push_back({"x-amz-content-sha256", toHex(sha256(request.body))});
  }
  if (!context.credentials.sessionToken.empty() && !context.omitToken) {
    request.headers.push_back({"X-Amz-Security-Token", context.credentials.sessionToken});
  }
  const CanonicalRequest canonical = canonicalRequest(request);
  EXPECT_EQ(canonical.text, readFile(folder / "header-canonical-request.txt"));
  const std::string toSign = stringToSign(context.scope, canonical.text);
  EXPECT_EQ(toSign, readFile(folder / "header-string-to-sign.txt"));
  const std::string code = signature(context.credentials.secretKey, context.scope, toSign);
  EXPECT_EQ(code, readFile(folder / "header-signature.txt"));
  const std::string header =
      authorization(context.credentials.accessKeyId, context.scope, canonical.signedHeaders, code);
  EXPECT_NE(readFile(folder / "header-signed-request.txt").find("Authorization:" + header + "\n"),
            std::string::npos);
}

TEST(SigV4Suite, EveryCaseAtEveryStage) {
  const fs::path folder = suiteFolder();
  if (!fs::is_directory(folder)) {
    GTEST_SKIP() << folder << " is not there; set KVSARCHIVE_SHARED_DATA";
  }
  size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    checkCase(entry.path());
    ++cases;
  }
  EXPECT_GE(cases, 38U);
}

}  // namespace
}  // namespace kvsarchive::aws
