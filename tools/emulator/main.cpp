// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib-unix.h>
#include <glib.h>
#include <gst/gst.h>

#include <cstdio>
#include <fstream>
#include <memory>

#include "api/control.h"
#include "api/service.h"
#include "archive/manifest.h"
#include "config/archive_builder.h"
#include "config/command_line.h"
#include "http/server.h"

namespace {

using namespace kvsemulator;

int fail(const std::string& message) {
  std::fprintf(stderr, "kvs-emulator: %s\n", message.c_str());
  return 1;
}

bool writeManifest(const Archive& archive, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << archiveManifest(archive, ManifestFrames::kUsual);
  file.close();
  return file.good();
}

gboolean quit(gpointer loop) {
  g_main_loop_quit(static_cast<GMainLoop*>(loop));
  return G_SOURCE_CONTINUE;
}

int serve(Config config, const Archive& archive) {
  RequestLog log;
  if (!config.requestLogPath.empty() && !log.openFile(config.requestLogPath)) {
    return fail("can't write " + config.requestLogPath);
  }
  Service service(archive, Authenticator(config.keys, config.region),
                  DataEndpoints(config.flatEndpoints), std::move(config.faults));
  service.setClockOffsetMs(config.clockOffsetMs);
  service.setQuotas(config.quotas);
  service.setMaxSessionSeconds(config.maxSessionSeconds);
  Control control(archive, service, log);
  Server server(
      [&](const Request& request, LogEntry& entry) {
        return Control::owns(request) ? control.handle(request) : service.handle(request, entry);
      },
      log);
  auto url = server.listen(config.server);
  if (!url) {
    return fail(url.error());
  }
  g_autoptr(GMainLoop) loop = g_main_loop_new(nullptr, FALSE);
  g_unix_signal_add(SIGTERM, quit, loop);
  g_unix_signal_add(SIGINT, quit, loop);
  std::printf("listening on %s\n", url->c_str());
  std::fflush(stdout);
  g_main_loop_run(loop);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  auto config = readCommandLine(argc, argv);
  if (!config) {
    return fail(config.error());
  }
  gst_init(nullptr, nullptr);
  auto archive = buildArchive(*config);
  if (!archive) {
    return fail(archive.error());
  }
  if (!config->manifestPath.empty() && !writeManifest(**archive, config->manifestPath)) {
    return fail("can't write " + config->manifestPath);
  }
  return serve(std::move(*config), **archive);
}
