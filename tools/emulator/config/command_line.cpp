// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/command_line.h"

#include <glib.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "base/json_writer.h"
#include "config/config_reader.h"
#include "config/demo_stream.h"

namespace kvsemulator {
namespace {

constexpr const char* kSummary =
    "Local emulator of Amazon Kinesis Video Streams: GetDataEndpoint, "
    "DescribeStream, ListStreams,\n"
    "ListFragments, GetMediaForFragmentList, GetClip, GetHLSStreamingSessionURL and\n"
    "GetDASHStreamingSessionURL, with recordings that it makes or reads from files.\n"
    "The first line of its output is \"listening on <URL>\"; use that as "
    "endpoint URL.\n"
    "Default credentials: access key AKIDEMULATOR, secret key emulator-secret.";
constexpr const char* kDefaultAccessKey = "AKIDEMULATOR";
constexpr const char* kDefaultSecretKey = "emulator-secret";
constexpr std::streamsize kProbeSize = 65536;

/// Values as GLib's option parser leaves them.
struct Options {
  gchar* config = nullptr;
  gint port = -1;
  gchar* listen = nullptr;
  gchar** streams = nullptr;
  gchar** demos = nullptr;
  gchar* region = nullptr;
  gchar* tlsCert = nullptr;
  gchar* tlsKey = nullptr;
  gchar* manifest = nullptr;
  gchar* requestLog = nullptr;
  gchar* cacheDir = nullptr;
  gboolean flatEndpoints = FALSE;
  gboolean version = FALSE;

  ~Options() {
    for (gchar* text : {config, listen, region, tlsCert, tlsKey, manifest, requestLog, cacheDir}) {
      g_free(text);
    }
    g_strfreev(streams);
    g_strfreev(demos);
  }
};

std::optional<std::string> parse(Options& o, int argc, char** argv) {
  const GOptionEntry entries[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o.config, "JSON configuration", "FILE"},
      {"port", 'p', 0, G_OPTION_ARG_INT, &o.port, "Port, 0 = any free one (default: 0)", "N"},
      {"listen", 0, 0, G_OPTION_ARG_STRING, &o.listen, "Address to listen at (default: 127.0.0.1)",
       "IP"},
      {"stream", 's', 0, G_OPTION_ARG_FILENAME_ARRAY, &o.streams,
       "Serve a Matroska or MP4 file, or a file of GetMedia chunks, as a "
       "stream",
       "NAME=FILE"},
      {"demo", 'd', 0, G_OPTION_ARG_STRING_ARRAY, &o.demos,
       "Serve the demo recording (2026-03-01T10:00:00Z, about 2 min 24 s) as a "
       "stream",
       "NAME"},
      {"region", 'r', 0, G_OPTION_ARG_STRING, &o.region,
       "Region that requests must be signed for, \"\" = any (default: "
       "us-east-1)",
       "REGION"},
      {"tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &o.tlsCert, "Serve HTTPS with this PEM certificate",
       "FILE"},
      {"tls-key", 0, 0, G_OPTION_ARG_FILENAME, &o.tlsKey, "Its PEM private key", "FILE"},
      {"flat-endpoints", 0, 0, G_OPTION_ARG_NONE, &o.flatEndpoints,
       "Data endpoints without a path, all at the same URL", nullptr},
      {"manifest", 'm', 0, G_OPTION_ARG_FILENAME, &o.manifest,
       "Write what the streams hold, frame by frame, as JSON", "FILE"},
      {"request-log", 0, 0, G_OPTION_ARG_FILENAME, &o.requestLog,
       "Log requests as JSON lines instead of to stderr", "FILE"},
      {"cache-dir", 0, 0, G_OPTION_ARG_FILENAME, &o.cacheDir,
       "Keep generated media here for the next start", "DIR"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &o.version, "Print the version", nullptr},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  g_autoptr(GOptionContext) context = g_option_context_new(nullptr);
  g_option_context_set_summary(context, kSummary);
  g_option_context_set_description(context, "All of it is told in docs/emulator.md.");
  g_option_context_add_main_entries(context, entries, nullptr);
  g_autoptr(GError) error = nullptr;
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    return error->message;
  }
  if (argc > 1) {
    return std::string("unexpected argument ") + argv[1];
  }
  return std::nullopt;
}

bool holdsChunks(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string begin(static_cast<size_t>(kProbeSize), '\0');
  file.read(begin.data(), kProbeSize);
  return begin.find("AWS_KINESISVIDEO_FRAGMENT_NUMBER") != std::string::npos;
}

Result<Config> addFile(const std::string& argument, Config config) {
  const size_t equals = argument.find('=');
  if (equals == std::string::npos) {
    return failure("--stream needs NAME=FILE, not " + argument);
  }
  const std::string path = argument.substr(equals + 1);
  JsonWriter json;
  json.beginObject().key("name").text(argument.substr(0, equals));
  json.key("recordings").beginArray().beginObject();
  json.key("type").text(holdsChunks(path) ? "raw" : "file").key("path").text(path);
  json.endObject().endArray().endObject();
  return addStream(json.take(), std::move(config));
}

void override(std::string& setting, const gchar* option) {
  if (option) {
    setting = option;
  }
}

Result<Config> addStreams(const Options& o, Config config) {
  for (gchar** argument = o.streams; argument && *argument; ++argument) {
    auto added = addFile(*argument, std::move(config));
    if (!added) {
      return added;
    }
    config = std::move(*added);
  }
  for (gchar** name = o.demos; name && *name; ++name) {
    auto added = addStream(demoStream(*name), std::move(config));
    if (!added) {
      return added;
    }
    config = std::move(*added);
  }
  return config;
}

}  // namespace

Result<Config> readCommandLine(int argc, char** argv) {
  Options o;
  if (auto problem = parse(o, argc, argv)) {
    return failure(*problem);
  }
  if (o.version) {
    std::printf("kvs-emulator %s\n", KVS_EMULATOR_VERSION);
    std::exit(0);
  }
  Config config;
  if (o.config) {
    auto read = readConfigFile(o.config, std::move(config));
    if (!read) {
      return read;
    }
    config = std::move(*read);
  }
  if (o.port >= 0) {
    config.server.port = o.port;
  }
  override(config.server.address, o.listen);
  override(config.server.tlsCertificate, o.tlsCert);
  override(config.server.tlsKey, o.tlsKey);
  override(config.region, o.region);
  override(config.manifestPath, o.manifest);
  override(config.requestLogPath, o.requestLog);
  override(config.cacheDir, o.cacheDir);
  config.flatEndpoints |= o.flatEndpoints != FALSE;
  if (config.server.tlsCertificate.empty() != config.server.tlsKey.empty()) {
    return failure("--tls-cert and --tls-key go together");
  }
  if (config.keys.empty()) {
    config.keys.push_back({kDefaultAccessKey, kDefaultSecretKey, "", std::nullopt});
  }
  return addStreams(o, std::move(config));
}

}  // namespace kvsemulator
