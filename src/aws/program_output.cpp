// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/program_output.h"

#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <optional>

#include "aws/credentials.h"
#include "base/c_ptr.h"

namespace kvsarchive::aws {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLook{20};  ///< how often to look for cancel and the end

/// A child process with a pipe from its standard output.
class Program {
 public:
  Program(GPid pid, int output) : pid_(pid), output_(output) {
    ::fcntl(output_, F_SETFL, O_NONBLOCK);
  }
  ~Program() {
    if (!status_) {
      ::kill(-pid_, SIGKILL);
      look(0);
    }
    ::close(output_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// How it ended, as of waitpid(); nothing while it runs.
  std::optional<int> status() {
    look(WNOHANG);
    return status_;
  }

  /// Waits a little for output and appends it to `text`, up to its capacity.
  void read(std::string* text) {
    pollfd waiting{isOpen_ ? output_ : -1, POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(kLook.count()));
    drain(text);
  }

  /// Appends what has been written so far.
  void drain(std::string* text) {
    while (isOpen_ && text->size() < text->capacity()) {
      const size_t size = text->size();
      text->resize(text->capacity());
      const ssize_t got = ::read(output_, text->data() + size, text->size() - size);
      const int code = errno;
      text->resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
      if (got < 0 && code == EAGAIN) {
        return;
      }
      isOpen_ = got > 0 || (got < 0 && code == EINTR);
    }
  }

 private:
  void look(int flags) {
    int status = 0;
    pid_t ended = 0;
    do {
      ended = status_ ? 0 : ::waitpid(pid_, &status, flags);
    } while (ended < 0 && errno == EINTR);
    if (ended == pid_) {
      status_ = status;
    } else if (ended < 0) {
      status_ = 0;  // the application has children reaped: how this one ended can't be known
    }
  }

  const GPid pid_;
  const int output_;
  bool isOpen_ = true;
  std::optional<int> status_;
};

Error cantStart(const GError& error) {
  const char* const why =
      g_error_matches(&error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)   ? "was not found"
      : g_error_matches(&error, G_SPAWN_ERROR, G_SPAWN_ERROR_ACCES) ? "may not be run"
                                                                    : "can't be started";
  return makeError(ErrorKind::kSettings, std::string("its program ") + why);
}

Status checkEnd(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return {};
  }
  const std::string how = WIFEXITED(status) ? "with status " + std::to_string(WEXITSTATUS(status))
                                            : "by signal " + std::to_string(WTERMSIG(status));
  return makeError(ErrorKind::kNotAuthorized,
                   "its program ended " + how + ": run it by hand to see why");
}

Status readAll(Program& program, const ProgramLimits& limits, const CancelToken& cancel,
               std::string* text) {
  const Clock::time_point end = Clock::now() + limits.time;
  for (;;) {
    const auto status = program.status();
    if (status) {
      program.drain(text);
    } else {
      program.read(text);
    }
    if (text->size() > limits.bytes) {
      return makeError(ErrorKind::kDecode,
                       "its program writes more than " + std::to_string(limits.bytes) + " bytes");
    }
    if (status) {
      return checkEnd(*status);
    }
    if (cancel.isCancelled()) {
      return cancelledError();
    }
    if (Clock::now() >= end) {
      Error error =
          makeError(ErrorKind::kOpenRead, "its program did not end within " +
                                              std::to_string(limits.time.count()) + " ms");
      error.recovery = usualRecovery(error.kind);
      return error;
    }
  }
}

}  // namespace

Result<std::string> programOutput(const std::vector<std::string>& words,
                                  const ProgramLimits& limits, const CancelToken& cancel) {
  if (cancel.isCancelled()) {
    return cancelledError();
  }
  std::vector<char*> arguments;
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  const auto flags = static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                                              G_SPAWN_STDERR_TO_DEV_NULL | G_SPAWN_CLOEXEC_PIPES);
  const auto inChild = [](gpointer) { ::setsid(); };
  GPid pid = 0;
  int output = -1;
  GError* error = nullptr;
  if (!g_spawn_async_with_pipes(nullptr, arguments.data(), nullptr, flags, inChild, nullptr, &pid,
                                nullptr, &output, nullptr, &error)) {
    const CPtr<GError, g_error_free> owner(error);
    return cantStart(*error);
  }
  Program program(pid, output);
  std::string text;
  text.reserve(limits.bytes + 1);
  if (const Status read = readAll(program, limits, cancel, &text); !read) {
    wipe(text);
    return read.error();
  }
  return text;
}

}  // namespace kvsarchive::aws
