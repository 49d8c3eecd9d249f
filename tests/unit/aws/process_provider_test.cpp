// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/process_provider.h"

#include <glib.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "base/iso8601.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::aws {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using test::TempFile;

const CancelToken kNever;
constexpr const char* kPrefix = "credential_process in the AWS profile: ";

std::string show(const Result<Credentials>& found) {
  if (found) {
    return found->accessKeyId + "/" + found->secretKey + "/" + found->sessionToken + "/" +
           (found->expires ? formatIso8601(*found->expires) : "never");
  }
  const ErrorKind kind = found.error().kind;
  std::string message = found.error().message;
  if (message.rfind(kPrefix, 0) == 0) {
    message.erase(0, std::string(kPrefix).size());
  }
  return (kind == ErrorKind::kAbsent          ? "absent: "
          : kind == ErrorKind::kSettings      ? "settings: "
          : kind == ErrorKind::kDecode        ? "decode: "
          : kind == ErrorKind::kNotAuthorized ? "unauthorized: "
          : kind == ErrorKind::kOpenRead      ? "open: "
          : kind == ErrorKind::kCancelled     ? "cancelled: "
                                              : "other: ") +
         message;
}

std::string run(const std::string& command, const ProgramLimits& limits = {}) {
  return show(ProcessProvider(command, limits).credentials(kNever));
}

/// The command line that has a shell run the script.
std::string shell(const std::string& script) {
  char* const words = g_shell_quote(script.c_str());
  std::string command = std::string("/bin/sh -c ") + words;
  g_free(words);
  return command;
}

/// What becomes of it when the program prints the text.
std::string print(const std::string& text) {
  const TempFile file(text);
  return run(std::string("cat ") + file.path());
}

TEST(ProcessProvider, TakesWhatIsPrinted) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"key"})", "id/key//never"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"key","SessionToken":"t",)"
                R"("Expiration":"2026-03-01T10:00:00Z","AccountId":"1"})",
                "id/key/t/2026-03-01T10:00:00.000Z"},
           Case{"\n {\"Version\": 1, \"AccessKeyId\": \"id\", \"SecretAccessKey\": \"key\",\n"
                "\"SessionToken\": null, \"Expiration\": null}\n\n",
                "id/key//never"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"key","SessionToken":"",)"
                R"("Expiration":"2026-03-01T10:00:00+00:00"})",
                "id/key//2026-03-01T10:00:00.000Z"},
       }) {
    EXPECT_EQ(print(c.text), c.expected);
  }
}

TEST(ProcessProvider, ErrorsHaveNothingOfTheOutput) {
  struct Case {
    const char *text, *expected;
  };
  for (const Case& c : {
           Case{"", "is no JSON object"},
           Case{"SECRET", "is no JSON object"},
           Case{"[1]", "is no JSON object"},
           Case{R"({"SecretAccessKey":"SECRET" "Version":1})", "is no JSON object"},
           Case{R"({"SecretAccessKey":"SECRET"}{)", "is no JSON object"},
           Case{R"({"SecretAccessKey":"SECRET","AccessKeyId":"id"})", "is not of Version 1"},
           Case{R"({"Version":2,"SecretAccessKey":"SECRET","AccessKeyId":"id"})",
                "is not of Version 1"},
           Case{R"({"Version":"1","SecretAccessKey":"SECRET","AccessKeyId":"id"})",
                "is not of Version 1"},
           Case{R"({"Version":1,"SecretAccessKey":"SECRET"})", "has no AccessKeyId"},
           Case{R"({"Version":1,"SecretAccessKey":"SECRET","AccessKeyId":""})",
                "has no AccessKeyId"},
           Case{R"({"Version":1,"AccessKeyId":"id"})", "has no SecretAccessKey"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":["SECRET"]})",
                "has no SecretAccessKey"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"SECRET","SessionToken":1})",
                "has a SessionToken that is no text"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"k","Expiration":"SECRET"})",
                "has an Expiration that is no time"},
           Case{R"({"Version":1,"AccessKeyId":"id","SecretAccessKey":"k","Expiration":1772359200})",
                "has an Expiration that is no time"},
       }) {
    EXPECT_EQ(print(c.text), std::string("decode: what its program prints ") + c.expected)
        << c.text;
  }
}

TEST(ProcessProvider, TheCommandIsSplitWithoutAShell) {
  const TempFile script(
      "#!/bin/sh\n"
      "printf '{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s|%s|%s\"}' "
      "$# \"$1\" \"$2\" \"$3\"\n");
  const std::string path = script.path();
  EXPECT_EQ(run("sh " + path + " 'a b' \"c d\" e\\ f"), "3/a b|c d|e f//never");
  EXPECT_EQ(run("  sh\t" + path + "  $HOME `id` *;x "), "3/$HOME|`id`|*;x//never");
  EXPECT_EQ(run("sh " + path + " a && false"), "3/a|&&|false//never");
}

TEST(ProcessProvider, TheProgramGetsNothingOfOurs) {
  constexpr int kOurs = 50;
  ASSERT_EQ(dup2(1, kOurs), kOurs);
  EXPECT_EQ(run(shell("test \"$(readlink /proc/$$/fd/0)\" = /dev/null || exit 5; "
                      "test \"$(readlink /proc/$$/fd/2)\" = /dev/null || exit 6; "
                      "test -e /proc/$$/fd/50 && exit 7; "
                      "read -r pid name state parent group session rest < /proc/$$/stat; "
                      "test \"$session\" = $$ || exit 8; "
                      "printf '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\"}'")),
            "a/b//never");
  close(kOurs);
}

TEST(ProcessProvider, FailuresOfTheProgram) {
  EXPECT_EQ(run(""), "absent: credential_process is not set in the AWS profile");
  EXPECT_EQ(run(shell("echo SECRET; echo SECRET >&2; exit 3")),
            "unauthorized: its program ended with status 3: run it by hand to see why");
  EXPECT_EQ(run(shell("kill -9 $$")),
            "unauthorized: its program ended by signal 9: run it by hand to see why");
  EXPECT_EQ(run("/nonexistent/program --key SECRET"), "settings: its program was not found");
  EXPECT_EQ(run("no-such-program-in-path SECRET"), "settings: its program was not found");
  EXPECT_EQ(run("/tmp SECRET"), "settings: its program may not be run");
  for (const char* bad : {"cat 'SECRET", "cat \"SECRET", "cat SECRET\\", " ", "#x"}) {
    EXPECT_EQ(run(bad), "settings: it is no command line: look at its quotes");
  }
}

TEST(ProcessProvider, ErrorsNameTheSetting) {
  EXPECT_EQ(ProcessProvider("/nonexistent/a").credentials(kNever).error().message,
            std::string(kPrefix) + "its program was not found");
}

TEST(ProcessProvider, OutputIsBounded) {
  const std::string head = R"({"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","x":")";
  const std::string tail = "\"}";
  EXPECT_EQ(print(head + std::string(65536 - head.size() - tail.size(), 'x') + tail), "a/b//never");
  EXPECT_EQ(print(head + std::string(65537 - head.size() - tail.size(), 'x') + tail),
            "decode: its program writes more than 65536 bytes");
  EXPECT_EQ(run("cat /dev/zero"), "decode: its program writes more than 65536 bytes");
}

/// What a script has written to the file by now; waits for it to do so.
pid_t readPid(const char* path) {
  for (int i = 0; i < 500; ++i) {
    pid_t pid = 0;
    if (std::ifstream(path) >> pid) {
      return pid;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return -1;
}

/// Waits until the process is gone; one that nobody has reaped yet counts as gone.
bool isGone(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number, program, state;
    if (!(stat >> number >> program >> state) || state == "Z") {
      return true;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

TEST(ProcessProvider, CancelEndsTheWholeGroup) {
  const TempFile file("");
  const std::string path = file.path();
  CancelToken cancel;
  std::string result;
  std::thread thread([&] {
    result =
        show(ProcessProvider(shell("sleep 60 & echo $! > " + path + "; wait")).credentials(cancel));
  });
  const pid_t sleeper = readPid(file.path());
  const auto begin = steady_clock::now();
  cancel.cancel();
  thread.join();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2000));
  EXPECT_EQ(result, "cancelled: cancelled");
  ASSERT_GT(sleeper, 0);
  EXPECT_TRUE(isGone(sleeper));
  EXPECT_EQ(show(ProcessProvider("cat").credentials(cancel)), "cancelled: cancelled");
}

TEST(ProcessProvider, TimeIsBounded) {
  const TempFile file("");
  const auto begin = steady_clock::now();
  EXPECT_EQ(run(shell("echo $$ > " + std::string(file.path()) + "; exec sleep 60"),
                {65536, milliseconds(150)}),
            "open: its program did not end within 150 ms");
  EXPECT_LT(steady_clock::now() - begin, milliseconds(5000));
  EXPECT_TRUE(isGone(readPid(file.path())));
}

TEST(ProcessProvider, WhatItLeavesInTheBackgroundIsNotWaitedFor) {
  const TempFile file("");
  const auto begin = steady_clock::now();
  EXPECT_EQ(
      run(shell("sleep 20 & echo $! > " + std::string(file.path()) +
                "; printf '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\"}'")),
      "a/b//never");
  EXPECT_LT(steady_clock::now() - begin, milliseconds(10'000));
  const pid_t sleeper = readPid(file.path());
  ASSERT_GT(sleeper, 0);
  EXPECT_EQ(kill(sleeper, SIGKILL), 0);
}

TEST(ProcessProvider, AProgramThatClosesItsOutputEarlyIsWaitedFor) {
  EXPECT_EQ(run(shell("printf '{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\"}'; "
                      "exec >&-; sleep 0.1; exit 4")),
            "unauthorized: its program ended with status 4: run it by hand to see why");
}

TEST(ProcessProvider, WorksWhereChildrenAreReapedByTheApplication) {
  const auto old = std::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(print(R"({"Version":1,"AccessKeyId":"a","SecretAccessKey":"b"})"), "a/b//never");
  std::signal(SIGCHLD, old);
}

}  // namespace
}  // namespace kvsarchive::aws
