// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/program_run.h"

#include <gio/gio.h>

#include "support/sanitizers/sanitizer_libraries.h"

namespace kvsarchive::test {

ProgramRun runProgram(const std::vector<std::string>& arguments, int terminal) {
  GSubprocessLauncher* launcher = g_subprocess_launcher_new(static_cast<GSubprocessFlags>(
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE));
  if (terminal >= 0) {
    g_subprocess_launcher_take_stdin_fd(launcher, terminal);
  }
  const std::string preload = sanitizerLibraries();
  if (!preload.empty()) {
    g_subprocess_launcher_setenv(launcher, "LD_PRELOAD", preload.c_str(), TRUE);
  }
  std::vector<const gchar*> argv = {"timeout", "60"};
  for (const std::string& argument : arguments) {
    argv.push_back(argument.c_str());
  }
  argv.push_back(nullptr);
  g_autoptr(GError) error = nullptr;
  GSubprocess* process = g_subprocess_launcher_spawnv(launcher, argv.data(), &error);
  g_object_unref(launcher);
  ProgramRun run;
  if (process == nullptr) {
    run.output = error->message;
    return run;
  }
  g_autofree gchar* output = nullptr;
  g_subprocess_communicate_utf8(process, nullptr, nullptr, &output, nullptr, nullptr);
  run.status = g_subprocess_get_if_exited(process) ? g_subprocess_get_exit_status(process) : -1;
  run.output = output != nullptr ? output : "";
  g_object_unref(process);
  return run;
}

}  // namespace kvsarchive::test
