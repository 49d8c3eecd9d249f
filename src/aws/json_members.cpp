// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/json_members.h"

#include <json-glib/json-glib.h>
#include <openssl/crypto.h>

#include <cstring>

#include "aws/credentials.h"
#include "base/c_ptr.h"
#include "base/json_document.h"

namespace kvsarchive::aws {

Result<std::string> withMembers(
    const std::string& json,
    std::initializer_list<std::pair<const char*, std::string_view>> members) {
  // Looked at first, since json-glib recurses without a limit.
  if (!JsonDocument::parse(json)) {
    return makeError(ErrorKind::kDecode, "it is no JSON object");
  }
  const CPtr<JsonNode, json_node_unref> root(json_from_string(json.c_str(), nullptr));
  JsonObject* const object = json_node_get_object(root.get());
  for (const auto& [name, value] : members) {
    std::string text(value);
    json_object_set_string_member(object, name, text.c_str());
    wipe(text);
  }
  const CPtr<char, g_free> written(json_to_string(root.get(), FALSE));
  std::string result = written.get();
  OPENSSL_cleanse(written.get(), std::strlen(written.get()));
  return result;
}

}  // namespace kvsarchive::aws
