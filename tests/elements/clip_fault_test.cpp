// SPDX-License-Identifier: LGPL-2.1-or-later
// What kvsclipsrc makes of a service that breaks off, stalls, throttles and changes its mind.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <string>
#include <utility>

#include "support/clip_player.h"
#include "support/clip_service.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/program_run.h"
#include "support/scoped_env.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

/// Attempts follow each other at once.
GstElement* makeQuickSource(const std::string& url) {
  GstElement* source = makeClipSource(url);
  g_object_set(source, "retry-backoff-factor", 0.0, "retry-backoff-max", 0.01, "timeout", 1,
               nullptr);
  return source;
}

std::string refusal(int status, const std::string& code, const std::string& message = "no") {
  return answer(status, {{"Content-Type", "application/json"}, {"x-amzn-ErrorType", code}},
                "{\"Message\":\"" + message + "\"}");
}

void expectError(const Played& played, const char* domain, int code, const std::string& text) {
  ASSERT_EQ(played.errors.size(), 1u) << text;
  EXPECT_EQ(played.errors.front().compare(0, 10, "kvsclipsrc"), 0) << played.errors.front();
  EXPECT_EQ(played.error->domain, domain) << played.error->message;
  EXPECT_EQ(played.error->code, code) << played.error->message;
  EXPECT_NE(played.error->message.find(text), std::string::npos) << played.error->message;
}
void expectResourceError(const Played& played, int code, const std::string& text) {
  expectError(played, "gst-resource-error-quark", code, text);
}
void expectStreamError(const Played& played, int code, const std::string& text) {
  expectError(played, "gst-stream-error-quark", code, text);
}

TEST(ClipFaults, ACutAtEveryKibibyteIsNotSeen) {
  for (const bool chunked : {false, true}) {
    ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));
    service.list(2, 10'000);
    const std::string& mp4 = service.mp4();
    ASSERT_GT(mp4.size(), 15'000u);
    size_t place = 0;
    service.onClip([&](size_t index, ServerConnection& connection) {
      const std::string body = index % 2 == 0 ? mp4.substr(0, place) : mp4;
      connection.write(chunked ? service.head(true) + (body.empty() ? "" : chunk(body))
                               : service.head() + body);
      if (index % 2 == 0) {
        connection.close();
      } else if (chunked) {
        connection.write(chunk(""));
      }
    });
    for (; place < mp4.size(); place += 1024) {
      const PushedClip pushed = pushClip(makeQuickSource(service.url()));
      ASSERT_TRUE(pushed.played.eos) << place;
      ASSERT_TRUE(pushed.bytes == mp4) << place;
      ASSERT_EQ(pushed.stats.at("retries"), "1") << place;
      ASSERT_EQ(pushed.stats.at("complete"), "yes") << place;
    }
  }
}

TEST(ClipFaults, AnEndThatLooksCleanIsNoEnd) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, 2));
    service.list(2, 10'000);
    const std::string& mp4 = service.mp4();
    for (size_t place = 0; place < mp4.size(); place += 1500) {
      service.onClip([&](size_t index, ServerConnection& connection) {
        const std::string body = index % 2 == 0 ? mp4.substr(0, place) : mp4;
        connection.write(service.head(true) + (body.empty() ? "" : chunk(body)) + chunk(""));
      });
      const PushedClip pushed = pushClip(makeQuickSource(service.url()));
      ASSERT_TRUE(pushed.played.eos) << nameOf(layout) << place;
      ASSERT_TRUE(pushed.bytes == mp4) << nameOf(layout) << place;
    }
  }
}

TEST(ClipFaults, CutsWhileADemuxerPullsAndPushes) {
  for (const Mp4Layout layout : kMp4Layouts) {
    ClipService service(makeMp4(layout, 4));
    service.list(4, 10'000);
    const std::string& mp4 = service.mp4();
    const Frames expected = framesOfMp4(mp4);
    for (const Scheduling scheduling : kSchedulings) {
      for (int part = 1; part < 8; ++part) {
        bool isCut = false;
        service.onClip([&](size_t, ServerConnection& connection) {
          if (std::exchange(isCut, true)) {
            connection.write(service.whole());
            return;
          }
          connection.write(service.head() + mp4.substr(0, mp4.size() * part / 8));
          g_usleep(20'000);  // the demuxer reads what is there
          connection.reset();
        });
        const Played played = ClipPlayer(makeQuickSource(service.url()), scheduling).playToEnd();
        EXPECT_TRUE(played.eos) << nameOf(layout) << part;
        EXPECT_EQ(framesOf(played), expected) << nameOf(layout) << part;
      }
    }
  }
}

TEST(ClipFaults, AttemptsThatGetNoFurtherAreUsedUp) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));
  service.list(2, 10'000);
  service.onClip([&](size_t, ServerConnection& connection) {
    connection.write(service.head() + service.mp4().substr(0, 5000));
    connection.close();
  });
  GstElement* source = makeQuickSource(service.url());
  g_object_set(source, "retries", 2, nullptr);
  const PushedClip pushed = pushClip(source);
  EXPECT_TRUE(pushed.played.eos || pushed.bytes == service.mp4().substr(0, pushed.bytes.size()));
  expectResourceError(pushed.played, GST_RESOURCE_ERROR_READ, ", after 3 attempts");
  EXPECT_EQ(pushed.played.error->details.at("operation"), "GetClip");
  EXPECT_EQ(pushed.played.error->details.at("stream"), "cam1");
  EXPECT_EQ(service.clipRequests(), 3u);
}

/// Muxers finish their files at an EOS only.
TEST(ClipFaults, LeaveAFileThatPlays) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 4, false));
  service.list(4, 10'000);
  const size_t half = service.mp4().size() / 2;
  service.onClip([&](size_t, ServerConnection& connection) {
    connection.write(service.head() + service.mp4().substr(0, half));
    connection.close();
  });
  GstElement* source = makeQuickSource(service.url());
  g_object_set(source, "retries", 2, nullptr);
  const auto saved = framesOfMp4(saveUntilError(source, "queue ! qtdemux ! mp4mux"))["video"];
  const auto stored = framesOfMp4(service.mp4())["video"];
  ASSERT_GT(saved.size(), 10u);
  ASSERT_LT(saved.size(), stored.size());
  EXPECT_TRUE(std::equal(saved.begin(), saved.end(), stored.begin()));
}

TEST(ClipFaults, AttemptsThatGetFurtherAreNot) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 4));
  service.list(4, 10'000);
  service.onClip([&](size_t index, ServerConnection& connection) {
    connection.write(service.head() + service.mp4().substr(0, (index + 1) * 3000));
    if ((index + 1) * 3000 < service.mp4().size()) {
      connection.close();
    }
  });
  GstElement* source = makeQuickSource(service.url());
  g_object_set(source, "retries", 1, nullptr);
  const PushedClip pushed = pushClip(source);
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  EXPECT_GT(service.clipRequests(), 6u);
}

TEST(ClipFaults, OtherBytesAreAnErrorOnceSomeWereHandedOn) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));
  service.list(2, 10'000);
  const std::string& mp4 = service.mp4();
  for (const size_t other : {size_t{40}, size_t{4000}, size_t{9000}}) {
    bool isCut = false;
    service.onClip([&](size_t, ServerConnection& connection) {
      if (std::exchange(isCut, true)) {
        std::string changed = mp4;
        changed[other] = static_cast<char>(changed[other] ^ 1);
        connection.write(service.head() + changed);
        return;
      }
      connection.write(service.head() + mp4.substr(0, 5000));
      g_usleep(50'000);
      connection.close();
    });
    const PushedClip pushed = pushClip(makeQuickSource(service.url()));
    if (other < 5000) {
      expectResourceError(pushed.played, GST_RESOURCE_ERROR_READ,
                          "it differs at byte " + std::to_string(other));
      EXPECT_EQ(pushed.bytes, mp4.substr(0, 5000));
    } else {
      EXPECT_TRUE(pushed.played.eos);
      EXPECT_EQ(pushed.bytes.size(), mp4.size());
      EXPECT_NE(pushed.bytes[other], mp4[other]);
    }
  }
}

TEST(ClipFaults, AnotherLengthIsAnErrorOnceItWasTold) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));
  service.list(2, 10'000);
  const std::string& mp4 = service.mp4();
  GstElement* source = makeQuickSource(service.url());
  service.onClip([&](size_t index, ServerConnection& connection) {
    if (index > 0) {
      const std::string padding(
          "\0\0\0\x08"
          "free",
          8);
      connection.write(answer(200, {{"Content-Type", "video/mp4"}}, mp4 + padding));
      return;
    }
    connection.write(service.head() + mp4.substr(0, 5000));
    gint64 size = -1;
    EXPECT_TRUE(waitFor([&] {
      return gst_element_query_duration(source, GST_FORMAT_BYTES, &size) != FALSE && size >= 0;
    }));
    EXPECT_EQ(static_cast<size_t>(size), mp4.size());
    connection.close();
  });
  const Played played = ClipPlayer(source, Scheduling::kPull).playToEnd();
  ASSERT_FALSE(played.errors.empty());
  EXPECT_NE(played.error->message.find("bytes in place of"), std::string::npos)
      << played.error->message;
}

TEST(ClipFaults, AStallIsGivenUpAndAskedForAgain) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  service.list(2, 10'000);
  service.onClip([&](size_t index, ServerConnection& connection) {
    if (index == 0) {
      connection.write(service.head() + service.mp4().substr(0, 6000));
      connection.stall();
    } else {
      connection.write(service.whole());
    }
  });
  const PushedClip pushed = pushClip(makeQuickSource(service.url()));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  EXPECT_EQ(pushed.stats.at("retries"), "1");
}

TEST(ClipFaults, ThrottlingAndServerErrorsPass) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  service.list(2, 10'000);
  service.onClip([&](size_t index, ServerConnection& connection) {
    connection.write(index == 0   ? refusal(400, "ClientLimitExceededException")
                     : index == 1 ? refusal(503, "ServiceUnavailableException")
                     : index == 2 ? refusal(500, "InternalFailure")
                                  : service.whole());
  });
  const PushedClip pushed = pushClip(makeQuickSource(service.url()));
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  EXPECT_EQ(pushed.stats.at("retries"), "3");
}

TEST(ClipFaults, ExpiredCredentialsAreReplaced) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 2));
  service.list(2, 10'000);
  GstElement* source = makeQuickSource(service.url());
  service.onClip([&](size_t index, ServerConnection& connection) {
    if (index == 0) {
      g_autoptr(GstStructure) keys =
          gst_structure_new("credentials", "access-key", G_TYPE_STRING, "AKIDNEW", "secret-key",
                            G_TYPE_STRING, "newsecret", nullptr);
      g_object_set(source, "credentials", keys, nullptr);
      connection.write(refusal(403, "ExpiredTokenException"));
    } else {
      connection.write(service.whole());
    }
  });
  const PushedClip pushed = pushClip(source);
  EXPECT_TRUE(pushed.played.eos);
  EXPECT_EQ(pushed.bytes, service.mp4());
  const auto requests = service.requests();
  EXPECT_NE(requests.back().header("Authorization").find("AKIDNEW"), std::string::npos);
}

TEST(ClipFaults, EachErrorOfTheServiceSaysWhatToDo) {
  const struct {
    int status;
    const char* code;
    bool isResource;
    int expected;
    const char* text;
  } cases[] = {
      {400, "MissingCodecPrivateDataException", false, GST_STREAM_ERROR_FORMAT,
       "the producer has to send codec private data with each track; kvsarchivesrc can still"},
      {400, "InvalidCodecPrivateDataException", false, GST_STREAM_ERROR_FORMAT,
       "ask for a range without the change"},
      {400, "InvalidMediaFrameException", false, GST_STREAM_ERROR_FORMAT,
       "a frame does not fit its codec private data"},
      {400, "UnsupportedStreamMediaTypeException", false, GST_STREAM_ERROR_FORMAT,
       "a clip needs H.264 or H.265"},
      {400, "NoDataRetentionException", true, GST_RESOURCE_ERROR_NOT_FOUND,
       "set its data retention above 0 hours"},
      {404, "ResourceNotFoundException", true, GST_RESOURCE_ERROR_NOT_FOUND,
       "the region has no such stream, or no fragment starts between 2026-"},
      {401, "NotAuthorizedException", true, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "GetClip"},
      {400, "InvalidArgumentException", true, GST_RESOURCE_ERROR_SETTINGS, "Correct"},
      {400, "ClientLimitExceededException", true, GST_RESOURCE_ERROR_BUSY, "try again later"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.code);
    ClipService service("");
    service.list(2, 10'000);
    service.onClip([&](size_t, ServerConnection& connection) {
      connection.write(refusal(c.status, c.code, "as it says."));
    });
    for (const Scheduling scheduling : kSchedulings) {
      GstElement* source = makeQuickSource(service.url());
      g_object_set(source, "retries", 0, nullptr);
      const Played played = ClipPlayer(source, scheduling).playToEnd();
      if (c.isResource) {
        expectResourceError(played, c.expected, c.text);
      } else {
        expectStreamError(played, c.expected, c.text);
      }
      ASSERT_TRUE(played.error);
      EXPECT_EQ(played.error->details.at("aws-error-code"), c.code);
      EXPECT_EQ(played.error->details.at("operation"), "GetClip");
      EXPECT_FALSE(played.eos);
    }
  }
}

TEST(ClipFaults, WhatIsNoMp4IsAnError) {
  ClipService service(std::string(50'000, '\x01'));
  service.list(2, 10'000);
  GstElement* source = makeQuickSource(service.url());
  g_object_set(source, "retries", 1, nullptr);
  const PushedClip pushed = pushClip(source);
  expectStreamError(pushed.played, GST_STREAM_ERROR_DECODE, "is no MP4 file");
  EXPECT_EQ(pushed.bytes, "");
  EXPECT_EQ(service.clipRequests(), 2u);
}

/// That it can't be listed either is no matter then.
TEST(ClipFaults, AClipThatIsRefusedIsToldOnce) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));  // without permission to list
  service.onClip([](size_t, ServerConnection& connection) {
    connection.write(refusal(403, "AccessDeniedException"));
  });
  const PushedClip pushed = pushClip(makeQuickSource(service.url()));
  expectResourceError(pushed.played, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "AccessDeniedException");
  EXPECT_TRUE(pushed.played.warnings.empty()) << pushed.played.warnings.front();
}

TEST(ClipFaults, MoreThanAnyClipIsAnError) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 2));
  service.list(2, 10'000);
  service.onClip([&](size_t, ServerConnection& connection) {
    connection.write(
        "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 500000000\r\n\r\n" +
        service.mp4());
  });
  const PushedClip pushed = pushClip(makeQuickSource(service.url()));
  expectStreamError(pushed.played, GST_STREAM_ERROR_DECODE, "larger than any clip of the service");
  EXPECT_EQ(service.clipRequests(), 1u);
}

/// Demuxers and basesrc have errors of their own for a source that fails.
TEST(ClipFaults, AFailureIsOneErrorWhereverItComes) {
  ClipService service(makeMp4(Mp4Layout::kMovieFirst, 4));
  service.list(4, 10'000);
  const std::string& mp4 = service.mp4();
  for (const Scheduling scheduling : kSchedulings) {
    for (const size_t place : {size_t{0}, size_t{100}, mp4.size() / 2, mp4.size() - 1}) {
      std::atomic<int> answers{0};
      service.onClip([&](size_t, ServerConnection& connection) {
        if (answers++ == 0) {
          connection.write(service.head() + mp4.substr(0, place));
        } else {
          connection.write(refusal(403, "NotAuthorizedException"));
        }
        connection.close();
      });
      ClipPlayer player(makeQuickSource(service.url()), scheduling);
      const Played played = player.playToEnd();
      SCOPED_TRACE(place);
      expectResourceError(played, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "NotAuthorizedException");
    }
  }
}

TEST(ClipFaults, MoreThanTheMemoryGoesToAFile) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 6));
  service.list(6, 10'000);
  const std::string& mp4 = service.mp4();
  const Frames expected = framesOfMp4(mp4);
  for (const guint64 memory : {guint64{0}, guint64{10'000}, guint64{1} << 20}) {
    bool isCut = false;
    service.onClip([&](size_t, ServerConnection& connection) {
      connection.write(std::exchange(isCut, true) ? service.whole()
                                                  : service.head() + mp4.substr(0, 20'000));
      connection.close();
    });
    GstElement* source = makeQuickSource(service.url());
    g_object_set(source, "spool-memory", memory, nullptr);
    const PushedClip pushed = pushClip(source);
    EXPECT_EQ(pushed.bytes, mp4);
    const guint64 kept = std::min<guint64>(memory, mp4.size());
    EXPECT_EQ(pushed.stats.at("bytes-in-memory"), std::to_string(kept));
    EXPECT_EQ(pushed.stats.at("bytes-in-file"), std::to_string(mp4.size() - kept));
    EXPECT_EQ(pushed.stats.at("bytes-received"), std::to_string(20'000 + mp4.size()));
    source = makeQuickSource(service.url());
    g_object_set(source, "spool-memory", memory, nullptr);
    EXPECT_EQ(framesOf(ClipPlayer(source, Scheduling::kPull).playToEnd()), expected);
  }
}

/// In a process of its own: GLib looks at TMPDIR only once.
TEST(ClipFaults, TheFileIsInTheFolderForTemporaryFiles) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 3, "fragment-duration": 1, "fps": 10,
       "start": "2026-03-01T10:00:00Z"}]}]})");
  const ScopedEnv key("AWS_ACCESS_KEY_ID", kAccessKey);
  const ScopedEnv secret("AWS_SECRET_ACCESS_KEY", kSecretKey);
  const ScopedEnv folder("TMPDIR", "/nowhere");
  const ProgramRun run = runProgram(
      {"gst-launch-1.0", "-q", "kvsclipsrc", "endpoint-url=" + emulator.url(), "stream-name=cam1",
       "aws-region=us-east-1", "start-timestamp=2026-03-01T10:00:00Z",
       "end-timestamp=2026-03-01T11:00:00Z", "spool-memory=1000", "!", "fakesink"});
  EXPECT_NE(run.output.find("a temporary file in /nowhere can't be made"), std::string::npos)
      << run.output;
}

TEST(ClipFaults, AFullDiskIsAnError) {
  ClipService service(makeMp4(Mp4Layout::kMovieLast, 4));
  service.list(4, 10'000);
  ASSERT_GT(service.mp4().size(), 20'000u);
  GstElement* source = makeQuickSource(service.url());
  g_object_set(source, "spool-memory", guint64{1000}, nullptr);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{10'000, before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const PushedClip pushed = pushClip(source);
  setrlimit(RLIMIT_FSIZE, &before);
  expectResourceError(pushed.played, GST_RESOURCE_ERROR_WRITE, "raise spool-memory");
}

}  // namespace
}  // namespace kvsarchive::test
