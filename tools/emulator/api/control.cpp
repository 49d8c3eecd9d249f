// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/control.h"

#include <glib.h>

#include "archive/manifest.h"
#include "base/json_writer.h"
#include "session/session_lifetime.h"

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
    return change(request, [this](JsonReader& json) {
      return [this, list = FaultList::read(json)] { service_.setFaults(list); };
    });
  }
  if (name == "credentials") {
    return change(request, [this](JsonReader& json) {
      if (!json.has("credentials")) {
        json.fail("credentials", "is missing");
      }
      return [this, keys = readKeySets(json)] { service_.setKeys(keys); };
    });
  }
  if (name == "clock") {
    return change(request, [this](JsonReader& json) {
      return [this, offset = json.offsetMs("offset")] { service_.setClockOffsetMs(offset); };
    });
  }
  if (name == "quotas") {
    return change(request, [this](JsonReader& json) {
      return [this, limits = readQuotaLimits(json)] { service_.setQuotas(limits); };
    });
  }
  if (name == "sessions") {
    return change(request, [this](JsonReader& json) {
      return
          [this, seconds = readMaxSessionSeconds(json)] { service_.setMaxSessionSeconds(seconds); };
    });
  }
  if (name == "move-endpoints") {
    return change(request, [this](JsonReader& json) {
      return [this, stream = json.text("stream", ""), old = readOldEndpoint(json)] {
        service_.moveEndpoints(stream, old);
      };
    });
  }
  return problem(404, "nothing is called " + name + " here");
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

Reply Control::change(const Request& request, const ReadChange& read) {
  auto root = parseJsonObject(request.body);
  if (request.method != "POST" || !root) {
    return problem(400, "POST a JSON object");
  }
  std::string error;
  JsonReader json(json_node_get_object(root->get()),
                  request.path.substr(request.path.rfind('/') + 1), error);
  const std::function<void()> apply = read(json);
  json.finish();
  if (!error.empty()) {
    return problem(400, error);
  }
  apply();
  Reply reply;
  reply.body = "{}";
  return reply;
}

}  // namespace kvsemulator
