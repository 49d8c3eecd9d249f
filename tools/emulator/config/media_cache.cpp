// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/media_cache.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>

#include "archive/raw_loader.h"
#include "base/digest.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace kvsemulator {
namespace {

using Fragments = std::vector<StoredFragment>;

/// What can't be told from the chunks themselves.
std::string describe(const Fragments& fragments, uint64_t counter) {
  JsonWriter json;
  json.beginObject().key("counter").integer(static_cast<int64_t>(counter));
  json.key("fragments").beginArray();
  for (const StoredFragment& fragment : fragments) {
    json.newline().beginObject();
    json.key("lengthMs").integer(fragment.info.lengthMs);
    json.key("discont").boolean(fragment.info.discont);
    json.endObject();
  }
  return json.newline().endArray().endObject().take();
}

std::optional<Fragments> load(const std::string& path, NumberSequence& numbers) {
  auto root = loadJsonObject(path + ".json");
  auto fragments = root ? loadRawChunks(path + ".mkv") : Result<Fragments>(failure(""));
  if (!root || !fragments) {
    return std::nullopt;
  }
  std::string error;
  JsonReader json(json_node_get_object(root->get()), path, error);
  const int64_t counter = json.integer("counter", 0, 1, INT64_MAX);
  std::vector<JsonReader> entries = json.objects("fragments");
  if (!error.empty() || entries.size() != fragments->size()) {
    return std::nullopt;
  }
  for (size_t i = 0; i < entries.size(); ++i) {
    (*fragments)[i].info.lengthMs = entries[i].integer("lengthMs", 0, 0, INT64_MAX);
    (*fragments)[i].info.discont = entries[i].flag("discont", false);
  }
  numbers.skipTo(static_cast<uint64_t>(counter));
  return std::move(*fragments);
}

/// Under another name first: two emulators may share the folder.
bool writeFile(const std::string& path, const std::function<void(std::ofstream&)>& write) {
  const std::string temporary = path + "." + std::to_string(getpid());
  std::ofstream file(temporary, std::ios::binary);
  write(file);
  file.close();
  return file.good() && std::rename(temporary.c_str(), path.c_str()) == 0;
}

void store(const std::string& path, const Fragments& fragments, uint64_t counter) {
  const bool good =
      writeFile(path + ".mkv",
                [&](std::ofstream& file) {
                  for (const StoredFragment& fragment : fragments) {
                    file << fragment.chunk.view();
                  }
                }) &&
      writeFile(path + ".json", [&](std::ofstream& file) { file << describe(fragments, counter); });
  if (!good) {
    std::fprintf(stderr, "can't write %s\n", path.c_str());
  }
}

}  // namespace

Result<Fragments> MediaCache::get(const std::string& key, NumberSequence& numbers,
                                  const Maker& make) const {
  if (folder_.empty()) {
    return make();
  }
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const std::string path = folder_ + "/" + sha256Hex(key).substr(0, 32);
  if (auto loaded = load(path, numbers)) {
    return std::move(*loaded);
  }
  auto made = make();
  if (made) {
    store(path, *made, numbers.counter());
  }
  return made;
}

}  // namespace kvsemulator
