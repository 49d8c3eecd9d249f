// SPDX-License-Identifier: LGPL-2.1-or-later
// Failures that pass are not noticed downstream; those that stay are told after the attempts that
// were allowed.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"
#include "support/scoped_env.h"
#include "support/stats.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 160, "height": 120, "fragments": 6, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]}]})";

class Retry : public testing::Test {
 protected:
  /// Plays with a fault; `answer` is what stands in place of the operation's answer.
  Played playWithFault(const std::string& operation, const std::string& answer,
                       const std::string& requests, int retries = 5) {
    emulator_.setFaults(R"({"faults": [{"operation": ")" + operation + "\", " + requests + ", " +
                        answer + "}]}");
    requestsBefore_ = emulator_.requests().size();
    GstElement* source = makeSource(emulator_.url(), "cam1");
    g_object_set(source, "retry-backoff-factor", 0.02, "retry-backoff-max", 0.05, "start-timestamp",
                 "2026-03-01T10:00:00Z", "end-timestamp", "2026-03-01T10:00:30Z", nullptr);
    if (retries != kNotSet) {
      g_object_set(source, "retries", retries, nullptr);
    }
    return play(source);
  }

  /// Requests of that operation in the last play.
  long requestsFor(const std::string& operation) const {
    const auto all = emulator_.requests();
    return std::count_if(all.begin() + static_cast<long>(requestsBefore_), all.end(),
                         [&](const auto& request) { return request.operation == operation; });
  }

  static constexpr int kNotSet = -2;
  const EmulatorProcess emulator_{kConfig};
  size_t requestsBefore_ = 0;
};

TEST_F(Retry, FailuresThatPassAreNotNoticed) {
  const char* const answers[] = {
      R"("kind": "status", "status": 503, "code": "ServiceUnavailableException")",
      R"("kind": "status", "status": 500, "body": "none")",
      R"("kind": "status", "status": 502, "body": "html")",
      R"("kind": "status", "status": 400, "code": "ClientLimitExceededException")",
      R"("kind": "status", "status": 400, "code": "ConnectionLimitExceededException")",
      R"("kind": "status", "status": 429, "body": "html")",
      R"("kind": "status", "status": 200, "body": "html")",
  };
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    for (const char* answer : answers) {
      const Played played = playWithFault(operation, answer, R"("request": 1, "count": 2)");
      EXPECT_TRUE(played.eos) << operation << answer;
      EXPECT_TRUE(played.warnings.empty()) << operation << answer;
      EXPECT_EQ(played.frames(), 60U) << operation << answer;
      EXPECT_EQ(played.stats.at("fragments-delivered"), 6U) << operation << answer;
      const long needed = std::string(operation) == "GetDataEndpoint" ? 2 : 1;
      EXPECT_EQ(requestsFor(operation), needed + 2) << operation << answer;
    }
  }
}

TEST_F(Retry, AnEndpointThatRefusesIsAskedForAnew) {
  for (const char* operation : {"ListFragments", "GetMediaForFragmentList"}) {
    for (const char* answer :
         {R"("kind": "status", "status": 403, "code": "AccessDeniedException", "body": "xml")",
          R"("kind": "status", "status": 404, "code": "ResourceNotFoundException")"}) {
      const Played played = playWithFault(operation, answer, R"("request": 1)", 0);
      EXPECT_TRUE(played.eos) << operation << answer;
      EXPECT_EQ(played.frames(), 60U) << operation << answer;
      EXPECT_EQ(requestsFor("GetDataEndpoint"), 3) << operation << answer;
      EXPECT_EQ(requestsFor(operation), 2) << operation << answer;
    }
  }
}

TEST_F(Retry, AttemptsAreCounted) {
  constexpr const char* kFault =
      R"("kind": "status", "status": 503, "code": "ServiceUnavailableException")";
  const struct {
    const char* environment;
    int retries;
    long attempts;
  } cases[] = {{"", 0, 1}, {"", 2, 3}, {"", kNotSet, 6}, {"2", kNotSet, 2}, {"2", 3, 4}};
  for (const auto& c : cases) {
    const ScopedEnv attempts("AWS_MAX_ATTEMPTS", c.environment);
    const Played played =
        playWithFault("ListFragments", kFault, R"("request": "every")", c.retries);
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_OPEN_READ);
    EXPECT_EQ(requestsFor("ListFragments"), c.attempts);
    const std::string text = ", after " + std::to_string(c.attempts) + " attempts";
    EXPECT_EQ(played.error->message.find(text) != std::string::npos, c.attempts > 1)
        << played.error->message;
  }
}

TEST_F(Retry, WhatIsFinalIsToldAtOnce) {
  const Played played = playWithFault(
      "ListFragments", R"("kind": "status", "status": 400, "code": "InvalidArgumentException")",
      R"("request": "every")");
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_SETTINGS);
  EXPECT_EQ(requestsFor("ListFragments"), 1);
}

TEST_F(Retry, BackOffIsLeftAtOnce) {
  emulator_.setFaults(R"({"faults": [{"kind": "status", "operation": "GetDataEndpoint",
                                      "status": 429}]})");
  GstElement* source = makeSource(emulator_.url(), "cam1");
  g_object_set(source, "retries", -1, "retry-backoff-factor", 3600.0, "retry-backoff-max", 3600.0,
               nullptr);
  GstElement* pipeline = intoFakesink(source);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  EXPECT_TRUE(waitFor([&] { return statsCount(source, "retries") == 1; }));
  const gint64 begin = g_get_monotonic_time();
  EXPECT_EQ(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
  EXPECT_EQ(emulator_.requests().size(), 1U);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
