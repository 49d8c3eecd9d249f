// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/control.h"

#include <glib.h>

#include "archive/manifest.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace kvsemulator {
namespace {

Reply problem(int status, const std::string& message) {
  Reply reply;
  reply.status = status;
  JsonWriter json;
  reply.body = json.beginObject().key("error").text(message).endObject().take();
  return reply;
}

std::string parameter(const Request& request, const char* name) {
  g_autoptr(GHashTable) parameters =
      g_uri_parse_params(request.query.c_str(), -1, "&", G_URI_PARAMS_NONE, nullptr);
  const auto* value =
      parameters ? static_cast<const char*>(g_hash_table_lookup(parameters, name)) : nullptr;
  return value ? value : "";
}

}  // namespace

Reply Control::handle(const Request& request) {
  const std::string name = request.path.substr(request.path.rfind('/') + 1);
  if (name == "manifest") {
    return manifest(request);
  }
  if (name == "requests") {
    return requests(request);
  }
  if (name == "faults") {
    return faults(request);
  }
  return problem(404, "there are manifest, requests and faults here");
}

Reply Control::manifest(const Request& request) const {
  const std::string name = parameter(request, "stream");
  const Stream* stream = archive_.byName(name);
  if (!stream && !name.empty()) {
    return problem(404, "no such stream: " + name);
  }
  const std::string choice = parameter(request, "frames");
  const ManifestFrames frames = choice == "all"    ? ManifestFrames::kAll
                                : choice == "none" ? ManifestFrames::kNone
                                                   : ManifestFrames::kUsual;
  Reply reply;
  reply.body = stream ? streamManifest(*stream, frames) : archiveManifest(archive_, frames);
  return reply;
}

Reply Control::requests(const Request& request) {
  Reply reply;
  JsonWriter json;
  json.beginArray();
  for (const auto& entry : log_.entries()) {
    json.newline().raw(toJson(*entry));
  }
  reply.body = json.newline().endArray().take();
  if (request.method == "DELETE") {
    log_.clear();
  }
  return reply;
}

Reply Control::faults(const Request& request) {
  auto root = parseJsonObject(request.body);
  if (request.method != "POST" || !root) {
    return problem(400, R"(POST {"faults": [...]} to replace the list)");
  }
  std::string error;
  JsonReader json(json_node_get_object(root->get()), "faults", error);
  FaultList list = FaultList::read(json);
  json.finish();
  if (!error.empty()) {
    return problem(400, error);
  }
  service_.setFaults(std::move(list));
  return Reply{200, "application/json", {}, "", "{}"};
}

}  // namespace kvsemulator
