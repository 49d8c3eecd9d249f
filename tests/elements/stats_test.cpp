// SPDX-License-Identifier: LGPL-2.1-or-later
// What `stats` and kvs-progress say, field by field.
#include "support/stats.h"

#include <gst/gst.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "support/aws_scene.h"
#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
    {"name": "cam1", "recordings": [
      {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10}]},
    {"name": "large", "recordings": [
      {"type": "bulk", "fragments": 40, "fragment-size": 1000000, "frame-size": 10000}]},
    {"name": "long", "recordings": [
      {"type": "bulk", "fragments": 2000, "fragment-size": 20000, "frame-size": 2000}]}]})";

constexpr const char* kEnd = "2026-03-01T10:00:30Z";
constexpr const char* kEndNs = "1772359230000000000";

uint64_t bytesOf(const Manifest& manifest) {
  uint64_t bytes = 0;
  for (const Manifest::Fragment& fragment : manifest.fragments) {
    bytes += fragment.sizeBytes;
  }
  return bytes;
}

uint64_t number(const Fields& fields, const char* name) {
  return g_ascii_strtoull(fields.at(name).c_str(), nullptr, 10);
}

class Stats : public testing::Test {
 protected:
  GstElement* makeQuick() const {
    GstElement* source = makeSource(emulator_.url(), "cam1");
    g_object_set(source, "end-timestamp", kEnd, "retry-backoff-factor", 0.0, nullptr);
    return source;
  }

  void setFault(const std::string& fault) const {
    emulator_.setFaults(R"({"faults": [{)" + fault + "}]}");
    emulator_.forgetRequests();
  }

  /// In all answers, parts of answers included.
  uint64_t mediaSent() const {
    uint64_t bytes = 0;
    for (const LoggedRequest& request : emulator_.requests()) {
      bytes += request.operation == "GetMediaForFragmentList" ? request.bytes : 0;
    }
    return bytes;
  }

  /// Plays to the end. Without bytes-per-second, which no short run has.
  static Fields statsAfter(GstElement* source) {
    GstElement* pipeline = intoFakesink(source);
    EXPECT_EQ(playToEnd(pipeline), "");
    Fields stats = statsOf(source);
    EXPECT_EQ(stats.erase("bytes-per-second"), 1U);
    gst_object_unref(pipeline);
    return stats;
  }

  /// After a run over all of cam1 that had nothing to ask for again, but for bytes-per-second.
  Fields ofWholeRun() const {
    Fields fields = {
        {"fragments-listed", "6"},
        {"fragments-delivered", "6"},
        {"frames-delivered", "60"},
        {"bytes-received", std::to_string(bytesOf(emulator_.manifest("cam1")))},
        {"connections", "<  >"},
        {"connection-limit", "5"},
        {"pace", "1"},
        {"listed-until", kEndNs},
        {"list-complete", "true"},
    };
    for (const char* name :
         {"fragments-truncated", "fragments-skipped", "fragments-missing", "fragments-unreadable",
          "fragments-track-change", "fragments-superseded", "frames-dropped", "frames-trimmed",
          "retries", "retries-throttled", "retries-network", "retries-service", "retries-access",
          "retries-media", "bytes-outstanding", "stream-connections"}) {
      fields[name] = "0";
    }
    return fields;
  }

  const EmulatorProcess emulator_{kConfig};
};

TEST_F(Stats, OfAWholeRun) { EXPECT_EQ(statsAfter(makeQuick()), ofWholeRun()); }

TEST_F(Stats, TellWhyThingsWereAskedForAgain) {
  const struct {
    const char* field;
    const char* fault;
    int retries;
  } cases[] = {
      {"retries-network",
       R"("kind": "cut", "bytes": 10, "operation": "ListFragments", "count": 2, "request": 1)", 2},
      {"retries-network",
       R"("kind": "cut", "at": "chunk-edge", "fragment-position": 3, "request": 1)", 1},
      {"retries-service",
       R"("kind": "status", "status": 500, "operation": "GetDataEndpoint", "count": 3,
          "request": 1)",
       3},
      {"retries-service",
       R"("kind": "in-band-error", "id": 5000, "code": "INTERNAL_ERROR",
          "fragment-position": 3, "request": 1)",
       1},
      {"retries-access",  // at the endpoint that the service names now
       R"("kind": "status", "status": 403, "body": "xml", "operation": "ListFragments",
          "request": 1)",
       1},
      {"retries-media", R"("kind": "missing", "fragment-position": 3, "request": 1)", 1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.fault);
    setFault(c.fault);
    Fields expected = ofWholeRun();
    expected[c.field] = expected["retries"] = std::to_string(c.retries);
    const Fields stats = statsAfter(makeQuick());
    expected["bytes-received"] = std::to_string(mediaSent());
    EXPECT_EQ(stats, expected);
  }
}

TEST_F(Stats, TellThatKeysHadExpired) {
  AwsScene scene;
  std::atomic<int> given{0};
  const FakeHttpServer& server =
      scene.serve([&](const ReceivedRequest&, ServerConnection& connection) {
        connection.write(answer(200, {}, keysJson("ASIA" + std::to_string(++given))));
      });
  scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
  emulator_.change("credentials", accepted({"ASIA1", "ASIA2"}));
  setFault(R"("kind": "expired-credentials", "operation": "ListFragments", "request": 1)");
  GstElement* source = makeQuick();
  g_object_set(source, "access-key", nullptr, "secret-key", nullptr, nullptr);
  Fields expected = ofWholeRun();
  expected["retries-access"] = expected["retries"] = "1";
  EXPECT_EQ(statsAfter(source), expected);
}

TEST_F(Stats, TellThatTheServiceThrottles) {
  for (const char* kind : {R"("throttle")", R"("status", "status": 503)"}) {
    setFault(std::string(R"("operation": "ListFragments", "request": 1, "kind": )") + kind);
    Fields expected = ofWholeRun();
    expected["retries-throttled"] = expected["retries"] = "1";
    const Fields stats = statsAfter(makeQuick());
    const double pace = g_ascii_strtod(stats.at("pace").c_str(), nullptr);
    EXPECT_GT(pace, 0);
    EXPECT_LT(pace, 1);
    EXPECT_GE(number(stats, "connection-limit"), 1U);
    EXPECT_LE(number(stats, "connection-limit"), 5U);
    for (const char* slowedDown : {"pace", "connection-limit"}) {
      expected[slowedDown] = stats.at(slowedDown);
    }
    EXPECT_EQ(stats, expected);
  }
}

TEST_F(Stats, TellHowManyConnectionsThereMayBe) {
  GstElement* source = makeQuick();
  g_object_set(source, "max-connections", 7, nullptr);
  Fields expected = ofWholeRun();
  expected["connection-limit"] = "7";
  EXPECT_EQ(statsAfter(source), expected);
}

TEST_F(Stats, TellHowFarALongRangeIsListed) {
  GstElement* source = makeSource(emulator_.url(), "long");
  g_object_set(source, "start-timestamp", "2026-03-01T09:59:00Z", "prefetch-bytes",
               guint64{1} << 16, nullptr);
  GstElement* pipeline = prerolled(source);
  const Fields stats = statsOf(source);
  EXPECT_EQ(stats.at("list-complete"), "false");
  const uint64_t until = number(stats, "listed-until") / 1'000'000;
  const auto fragments = emulator_.manifest("long").fragments;
  const auto before = std::count_if(fragments.begin(), fragments.end(), [&](const auto& fragment) {
    return static_cast<uint64_t>(fragment.producerMs) < until;
  });
  EXPECT_GT(before, 0);
  EXPECT_EQ(number(stats, "fragments-listed"), static_cast<uint64_t>(before));
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

/// What an element tells while it runs.
struct Reports {
  std::vector<Fields> progress;
  std::vector<Fields> stats;        ///< at the same times
  std::vector<Fields> connections;  ///< of all stats
  size_t mostConnections = 0;       ///< at a time
  uint64_t mostOfStream = 0;        ///< the same, by stream-connections
};

void readReport(GstElement* source, const GstStructure* progress, Reports* reports) {
  reports->progress.push_back(fieldsOf(progress));
  g_autoptr(GstStructure) stats = nullptr;
  g_object_get(source, "stats", &stats, nullptr);
  reports->stats.push_back(fieldsOf(stats));
  const GValue* connections = gst_structure_get_value(stats, "connections");
  const guint count = gst_value_array_get_size(connections);
  for (guint i = 0; i < count; ++i) {
    reports->connections.push_back(
        fieldsOf(gst_value_get_structure(gst_value_array_get_value(connections, i))));
  }
  reports->mostOfStream =
      std::max(reports->mostOfStream, number(reports->stats.back(), "stream-connections"));
  reports->mostConnections = std::max<size_t>(reports->mostConnections, count);
}

/// Plays `source` (taken over) to its end.
Reports reportsOf(GstElement* source) {
  Reports reports;
  GstElement* pipeline = intoFakesink(source);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  for (bool over = false; !over;) {
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, 60 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_ELEMENT));
    over = message == nullptr || GST_MESSAGE_TYPE(message) != GST_MESSAGE_ELEMENT;
    EXPECT_TRUE(!over || (message != nullptr && GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS));
    if (!over && gst_message_has_name(message, "kvs-progress") != FALSE) {
      readReport(source, gst_message_get_structure(message), &reports);
    }
    gst_clear_message(&message);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
  return reports;
}

TEST_F(Stats, TellHowARunGetsOn) {
  setFault(R"("kind": "bytes-per-second", "request": "every", "rate": 7000000)");
  GstElement* source = makeSource(emulator_.url(), "large");
  g_object_set(source, "max-connections", 2, nullptr);
  const Reports reports = reportsOf(source);
  const Manifest manifest = emulator_.manifest("large");
  ASSERT_GE(reports.progress.size(), 3U);
  for (size_t i = 1; i < reports.progress.size(); ++i) {
    SCOPED_TRACE(i);
    const Fields& before = reports.progress[i - 1];
    const Fields& progress = reports.progress[i];
    EXPECT_GE(number(progress, "fragments-done"), number(before, "fragments-done"));
    EXPECT_GE(number(progress, "position"), number(before, "position"));
    EXPECT_GE(number(progress, "bytes-received"), number(before, "bytes-received"));
    EXPECT_GT(number(before, "bytes-received"), 0U);
    // The first report may come a moment before the first second is over.
    for (const Fields& told : {progress, reports.stats[i]}) {
      EXPECT_GT(number(told, "bytes-per-second"), 0U);
      EXPECT_LE(number(told, "bytes-per-second"), number(told, "bytes-received"));
    }
  }
  Fields last = reports.progress.back();
  last.erase("bytes-per-second");
  const Manifest::Fragment& newest = manifest.fragments.back();
  const auto position = static_cast<int64_t>(number(last, "position") / 1'000'000);
  EXPECT_GT(position, newest.producerMs);
  EXPECT_LT(position, newest.producerMs + newest.lengthMs);
  EXPECT_EQ(last, (Fields{{"fragments-done", "40"},
                          {"fragments-listed", "40"},
                          {"list-complete", "true"},
                          {"bytes-received", std::to_string(bytesOf(manifest))},
                          {"position", last.at("position")},
                          {"eta", "0"}}));
  EXPECT_EQ(reports.mostConnections, 2U);
  EXPECT_EQ(reports.mostOfStream, 2U);
  for (const Fields& connection : reports.connections) {
    EXPECT_LE(number(connection, "bytes-received"), number(connection, "bytes-listed"));
  }
  EXPECT_TRUE(std::any_of(reports.connections.begin(), reports.connections.end(),
                          [](const Fields& c) { return number(c, "bytes-per-second") > 0; }));
}

}  // namespace
}  // namespace kvsarchive::test
