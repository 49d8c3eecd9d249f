// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/emulator_process.h"

#include <curl/curl.h>
#include <json-glib/json-glib.h>

#include <algorithm>
#include <cstdlib>

#include "support/temp_file.h"

namespace kvsarchive::test {
namespace {

size_t collect(char* data, size_t size, size_t count, void* text) {
  static_cast<std::string*>(text)->append(data, size * count);
  return size * count;
}

/// The line that the emulator prints once it listens, or "" if it ended instead.
std::string firstLine(GSubprocess* process) {
  GDataInputStream* lines = g_data_input_stream_new(g_subprocess_get_stdout_pipe(process));
  g_autofree char* line = g_data_input_stream_read_line(lines, nullptr, nullptr, nullptr);
  g_object_unref(lines);
  return line != nullptr ? line : "";
}

std::map<std::string, std::string> readTags(JsonObject* tags) {
  std::map<std::string, std::string> result;
  JsonObjectIter iter;
  const char* name = nullptr;
  JsonNode* value = nullptr;
  json_object_iter_init(&iter, tags);
  while (json_object_iter_next(&iter, &name, &value) != FALSE) {
    result[name] = json_node_get_string(value);
  }
  return result;
}

Manifest::Fragment readFragment(JsonObject* object) {
  Manifest::Fragment fragment;
  fragment.number = json_object_get_string_member(object, "number");
  fragment.producerMs = json_object_get_int_member(object, "producerTimestampMs");
  fragment.serverMs = json_object_get_int_member(object, "serverTimestampMs");
  fragment.lengthMs = json_object_get_int_member(object, "lengthMs");
  fragment.sizeBytes = static_cast<uint64_t>(json_object_get_int_member(object, "sizeBytes"));
  fragment.discont = json_object_get_boolean_member(object, "discont") != FALSE;
  fragment.tags = readTags(json_object_get_object_member(object, "tags"));
  return fragment;
}

Manifest::Frame readFrame(JsonObject* object) {
  Manifest::Frame frame;
  frame.fragment = json_object_get_string_member(object, "fragment");
  frame.track = static_cast<int>(json_object_get_int_member(object, "track"));
  frame.trackType = json_object_get_string_member(object, "trackType");
  frame.timeMs = json_object_get_int_member(object, "timeMs");
  frame.serverTimeMs = json_object_get_int_member(object, "serverTimeMs");
  frame.key = json_object_get_boolean_member(object, "key") != FALSE;
  frame.size = static_cast<size_t>(json_object_get_int_member(object, "size"));
  frame.sha256 = json_object_get_string_member(object, "sha256");
  return frame;
}

}  // namespace

EmulatorProcess::EmulatorProcess(const std::string& config, std::vector<std::string> arguments) {
  const TempFile file(config);
  arguments.insert(arguments.begin(),
                   {std::getenv("KVS_EMULATOR"), "--config", file.path(), "--port", "0",
                    "--cache-dir", std::getenv("KVS_EMULATOR_CACHE")});
  std::vector<const char*> argv;
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  argv.push_back(nullptr);
  GError* error = nullptr;
  GSubprocessLauncher* launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  // The emulator must not load the plugin under test, nor share its registry and its few plugins.
  g_subprocess_launcher_unsetenv(launcher, "GST_PLUGIN_PATH");
  g_subprocess_launcher_unsetenv(launcher, "GST_PLUGIN_SYSTEM_PATH");
  g_subprocess_launcher_unsetenv(launcher, "GST_REGISTRY");
  process_ = g_subprocess_launcher_spawnv(launcher, argv.data(), &error);
  g_object_unref(launcher);
  g_assert_no_error(error);
  const std::string line = firstLine(process_);
  const std::string prefix = "listening on ";
  if (line.compare(0, prefix.size(), prefix) != 0) {
    g_error("the emulator did not start: %s", line.c_str());
  }
  url_ = line.substr(prefix.size());
}

EmulatorProcess::~EmulatorProcess() {
  g_subprocess_send_signal(process_, SIGTERM);
  g_subprocess_wait(process_, nullptr, nullptr);
  g_object_unref(process_);
}

std::string EmulatorProcess::call(const char* method, const std::string& path,
                                  const std::string& body) const {
  std::string answer;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, (url_ + path).c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
  if (!body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");           // whatever a test sets up
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);  // the control port; ours on loopback
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_cleanup(curl);
  if (code != CURLE_OK) {
    g_error("%s %s: %s", method, path.c_str(), curl_easy_strerror(code));
  }
  return answer;
}

Manifest EmulatorProcess::manifest(const std::string& stream) const {
  const std::string text = call("GET", "/_emulator/manifest?stream=" + stream, "");
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) error = nullptr;
  json_parser_load_from_data(parser, text.c_str(), -1, &error);
  g_assert_no_error(error);
  JsonObject* root = json_node_get_object(json_parser_get_root(parser));
  Manifest manifest;
  JsonArray* fragments = json_object_get_array_member(root, "fragments");
  for (guint i = 0; i < json_array_get_length(fragments); ++i) {
    manifest.fragments.push_back(readFragment(json_array_get_object_element(fragments, i)));
  }
  JsonArray* frames = json_object_get_array_member(root, "frames");
  for (guint i = 0; i < json_array_get_length(frames); ++i) {
    manifest.frames.push_back(readFrame(json_array_get_object_element(frames, i)));
  }
  return manifest;
}

std::vector<LoggedRequest> EmulatorProcess::requests() const {
  const std::string text = call("GET", "/_emulator/requests", "");
  g_autoptr(JsonParser) parser = json_parser_new();
  g_autoptr(GError) error = nullptr;
  json_parser_load_from_data(parser, text.c_str(), -1, &error);
  g_assert_no_error(error);
  std::vector<LoggedRequest> requests;
  JsonArray* array = json_node_get_array(json_parser_get_root(parser));
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    JsonObject* object = json_array_get_object_element(array, i);
    requests.push_back({json_object_get_string_member_with_default(object, "operation", ""),
                        static_cast<int>(json_object_get_int_member(object, "status")),
                        json_object_get_string_member_with_default(object, "errorCode", ""),
                        static_cast<uint64_t>(json_object_get_int_member(object, "bytes")),
                        json_object_get_boolean_member(object, "finished") != FALSE,
                        json_array_get_length(json_object_get_array_member(object, "faults")) > 0});
  }
  return requests;
}

size_t EmulatorProcess::countRequests(const std::string& operation) const {
  const auto all = requests();
  return static_cast<size_t>(std::count_if(
      all.begin(), all.end(), [&](const auto& request) { return request.operation == operation; }));
}

void EmulatorProcess::forgetRequests() const { call("DELETE", "/_emulator/requests", ""); }

void EmulatorProcess::setFaults(const std::string& json) const { change("faults", json); }

void EmulatorProcess::change(const std::string& name, const std::string& json) const {
  call("POST", "/_emulator/" + name, json);
}

}  // namespace kvsarchive::test
