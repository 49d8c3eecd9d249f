// SPDX-License-Identifier: LGPL-2.1-or-later
// Wherever a run is when it is stopped, the next one begins anew and is complete: each stage is
// reached for sure, then left through READY and through NULL.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/dead_listener.h"
#include "support/emulator_process.h"
#include "support/player.h"
#include "support/stats.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

constexpr int kFragments = 6;
constexpr int kFrames = 60;

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"width": 160, "height": 120, "fragments": 6, "fragment-duration": 1, "fps": 10}]}]})";

/// kvsarchivesrc ! fakesink, played again and again.
class Rerun {
 public:
  explicit Rerun(GstElement* source) : pipeline_(gst_pipeline_new(nullptr)), source_(source) {
    sink_ = gst_element_factory_make("fakesink", nullptr);
    g_object_set(sink_, "async", FALSE, "sync", FALSE, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_), source, sink_, nullptr);
    gst_element_link(source, sink_);
    GstPad* pad = gst_element_get_static_pad(source, "src");
    gst_pad_add_probe(pad,
                      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER |
                                                   GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
                      record, this, nullptr);
    gst_object_unref(pad);
  }
  ~Rerun() {
    gst_element_set_state(pipeline_, GST_STATE_NULL);
    gst_object_unref(pipeline_);
  }
  Rerun(const Rerun&) = delete;
  Rerun& operator=(const Rerun&) = delete;

  GstElement* source() const { return source_; }
  GstElement* sink() const { return sink_; }

  void start() {
    forget();
    EXPECT_NE(gst_element_set_state(pipeline_, GST_STATE_PLAYING), GST_STATE_CHANGE_FAILURE);
  }

  /// Up to the first buffer, which the sink keeps.
  void preroll() {
    forget();
    gst_element_set_state(pipeline_, GST_STATE_PAUSED);
    EXPECT_EQ(gst_element_get_state(pipeline_, nullptr, nullptr, 10 * GST_SECOND),
              GST_STATE_CHANGE_SUCCESS);
  }

  /// Through READY or NULL, which is to be reached within a second.
  void stop(GstState state) {
    const gint64 begin = g_get_monotonic_time();
    EXPECT_EQ(gst_element_set_state(pipeline_, state), GST_STATE_CHANGE_SUCCESS);
    EXPECT_LT(g_get_monotonic_time() - begin, G_TIME_SPAN_SECOND);
    GstBus* bus = gst_element_get_bus(pipeline_);
    gst_bus_set_flushing(bus, TRUE);  // what the run had to say is not the next one's
    gst_bus_set_flushing(bus, FALSE);
    gst_object_unref(bus);
  }

  /// The next of EOS, ERROR and WARNING; GST_MESSAGE_UNKNOWN if none comes.
  GstMessageType outcome() {
    GstBus* bus = gst_element_get_bus(pipeline_);
    GstMessage* message = gst_bus_timed_pop_filtered(
        bus, 30 * GST_SECOND,
        static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR | GST_MESSAGE_WARNING));
    const GstMessageType type =
        message != nullptr ? GST_MESSAGE_TYPE(message) : GST_MESSAGE_UNKNOWN;
    gst_clear_message(&message);
    gst_object_unref(bus);
    return type;
  }

  std::string document() const {
    const std::lock_guard lock(mutex_);
    return document_;
  }
  std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  guint64 stat(const char* field) const { return statsCount(source_, field); }

 private:
  static GstPadProbeReturn record(GstPad*, GstPadProbeInfo* info, gpointer data) {
    auto* self = static_cast<Rerun*>(data);
    const std::lock_guard lock(self->mutex_);
    if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) == 0) {
      GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
      const bool isFragment = gst_event_has_name(event, "kvs-fragment") != FALSE;
      self->events_.emplace_back(
          isFragment ? gst_structure_get_string(gst_event_get_structure(event), "fragment-number")
                     : GST_EVENT_TYPE_NAME(event));
      return GST_PAD_PROBE_OK;
    }
    GstMapInfo map;
    if (gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ) != FALSE) {
      self->document_.append(reinterpret_cast<const char*>(map.data), map.size);
      gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
    }
    return GST_PAD_PROBE_OK;
  }

  void forget() {
    const std::lock_guard lock(mutex_);
    document_.clear();
    events_.clear();
  }

  GstElement* pipeline_;
  GstElement* source_;
  GstElement* sink_;
  mutable std::mutex mutex_;
  std::string document_;
  std::vector<std::string> events_;
};

class Restart : public testing::TestWithParam<GstState> {
 protected:
  void SetUp() override {
    run_.start();
    ASSERT_EQ(run_.outcome(), GST_MESSAGE_EOS);
    document_ = run_.document();
    events_ = run_.events();
    received_ = run_.stat("bytes-received");
    ASSERT_GT(document_.size(), 10000U);
    run_.stop(GetParam());
  }

  GstElement* source() const { return makeSource(emulator_.url(), "cam1"); }

  void setFault(const std::string& fault) {
    emulator_.setFaults(R"({"faults": [)" + fault + "]}");
    emulator_.forgetRequests();
  }

  bool isAskedFor(const std::string& operation) const {
    return emulator_.countRequests(operation) > 0;
  }

  bool isAnswered(const std::string& operation) const {
    const auto requests = emulator_.requests();
    return std::any_of(requests.begin(), requests.end(), [&](const LoggedRequest& request) {
      return request.operation == operation && request.finished;
    });
  }

  /// Of the answer with media that is under way.
  uint64_t mediaBytes() const {
    uint64_t bytes = 0;
    for (const LoggedRequest& request : emulator_.requests()) {
      bytes += request.operation == "GetMediaForFragmentList" ? request.bytes : 0;
    }
    return bytes;
  }

  /// Plays with the fault up to a stage, stops there, and plays again without the fault.
  void stopAt(const std::string& fault, const std::function<bool()>& isReached) {
    SCOPED_TRACE(fault);
    setFault(fault);
    run_.start();
    EXPECT_TRUE(waitFor(isReached));
    run_.stop(GetParam());
    setFault("");
    expectCompleteRun();
  }

  /// One more run, which owes nothing to those before.
  void expectCompleteRun() {
    run_.start();
    ASSERT_EQ(run_.outcome(), GST_MESSAGE_EOS);
    EXPECT_TRUE(run_.document() == document_);
    EXPECT_EQ(run_.events(), events_);
    EXPECT_EQ(run_.stat("fragments-listed"), kFragments);
    EXPECT_EQ(run_.stat("fragments-delivered"), kFragments);
    EXPECT_EQ(run_.stat("fragments-truncated"), 0U);
    EXPECT_EQ(run_.stat("frames-delivered"), kFrames);
    EXPECT_EQ(run_.stat("bytes-received"), received_);
    run_.stop(GetParam());
  }

  const EmulatorProcess emulator_{kConfig, {"--request-log", "/dev/null"}};
  Rerun run_{source()};
  std::string document_;
  std::vector<std::string> events_;
  guint64 received_ = 0;
};

TEST_P(Restart, WhereNobodyAnswers) {
  const DeadListener silent(DeadListener::Queue::kFree);
  const DeadListener full(DeadListener::Queue::kFull);
  for (const std::string& url : {silent.url(), full.url(), std::string("http://127.0.0.1:1"),
                                 std::string("http://nobody.invalid")}) {
    SCOPED_TRACE(url);
    g_object_set(run_.source(), "endpoint-url", url.c_str(), nullptr);
    for (const int millis : {0, 1, 300}) {
      run_.start();
      g_usleep(static_cast<gulong>(millis) * 1000);
      run_.stop(GetParam());
      EXPECT_EQ(run_.stat("fragments-listed"), 0U);
    }
    g_object_set(run_.source(), "endpoint-url", emulator_.url().c_str(), nullptr);
    expectCompleteRun();
  }
}

TEST_P(Restart, WhileAnAnswerIsAwaited) {
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    for (const char* stage : {"before-headers", "after-headers"}) {
      stopAt(std::string(R"({"kind": "stall", "operation": ")") + operation + R"(", "stage": ")" +
                 stage + R"("})",
             [&] { return isAskedFor(operation); });
    }
  }
}

TEST_P(Restart, WhileABodyStalls) {
  for (const char* position : {"first", "middle", "last"}) {
    for (const char* place : {"mid-header", "mid-block", "end"}) {
      uint64_t last = 0;
      // All that comes before the place is sent, and the log does not grow any more.
      stopAt(std::string(R"({"kind": "stall", "at": ")") + place + R"(", "fragment-position": ")" +
                 position + R"("})",
             [&] {
               const uint64_t before = std::exchange(last, mediaBytes());
               return last > 0 && last == before;
             });
    }
  }
}

TEST_P(Restart, WhileListsAndMediaComeSlowly) {
  stopAt(R"({"kind": "bytes-per-second", "rate": 500, "operation": "ListFragments"})",
         [&] { return isAskedFor("ListFragments"); });
  stopAt(R"({"kind": "bytes-per-second", "rate": 100000, "operation": "GetMediaForFragmentList"})",
         [&] { return !run_.document().empty(); });
}

TEST_P(Restart, WhileBackingOff) {
  g_object_set(run_.source(), "retries", -1, "retry-backoff-factor", 3600.0, "retry-backoff-max",
               3600.0, nullptr);
  for (const char* operation : {"GetDataEndpoint", "ListFragments", "GetMediaForFragmentList"}) {
    for (const char* kind : {R"("throttle")", R"("status", "status": 503)"}) {
      stopAt(std::string(R"({"operation": ")") + operation + R"(", "kind": )" + kind + "}",
             [&] { return isAnswered(operation); });
    }
  }
  stopAt(R"({"kind": "cut", "at": "mid-block", "fragment-position": "middle"})",
         [&] { return mediaBytes() > 0; });
}

GstPadProbeReturn block(GstPad*, GstPadProbeInfo*, gpointer data) {
  *static_cast<std::atomic<bool>*>(data) = true;
  return GST_PAD_PROBE_OK;  // of a blocking probe: wait until it is removed
}

TEST_P(Restart, WhileDownstreamBlocks) {
  GstPad* pad = gst_element_get_static_pad(run_.sink(), "sink");
  std::atomic<bool> isBlocked{false};
  const gulong probe = gst_pad_add_probe(
      pad, static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER),
      block, &isBlocked, nullptr);
  run_.start();
  EXPECT_TRUE(waitFor([&] { return isBlocked.load(); }));
  run_.stop(GetParam());
  gst_pad_remove_probe(pad, probe);
  gst_object_unref(pad);
  expectCompleteRun();
}

TEST_P(Restart, WhilePrerolled) {
  g_object_set(run_.sink(), "async", TRUE, nullptr);
  for (int i = 0; i < 3; ++i) {
    run_.preroll();
    run_.stop(GetParam());
  }
  expectCompleteRun();
}

TEST_P(Restart, AfterTheEnd) {
  for (int i = 0; i < 3; ++i) {
    expectCompleteRun();
  }
}

TEST_P(Restart, AfterAnError) {
  const char* const faults[] = {
      R"({"kind": "status", "status": 403, "operation": "GetDataEndpoint", "code": "AccessDenied"})",
      R"({"kind": "status", "status": 400, "operation": "ListFragments",
          "code": "InvalidArgumentException"})",
      R"({"kind": "cut", "at": "mid-block", "fragment-position": "middle"})",
      R"({"kind": "in-band-error", "id": 5000, "code": "INTERNAL_ERROR", "fragment-position": "last"})"};
  g_object_set(run_.source(), "retries", 0, nullptr);
  for (const char* fault : faults) {
    SCOPED_TRACE(fault);
    setFault(fault);
    run_.start();
    EXPECT_EQ(run_.outcome(), GST_MESSAGE_ERROR);
    run_.stop(GetParam());
    setFault("");
    expectCompleteRun();
  }
}

TEST_P(Restart, AfterASkip) {
  setFault(R"({"kind": "missing", "fragment-position": "middle"})");
  g_object_set(run_.source(), "retry-backoff-factor", 0.0, nullptr);
  run_.start();
  EXPECT_EQ(run_.outcome(), GST_MESSAGE_WARNING);
  EXPECT_EQ(run_.outcome(), GST_MESSAGE_EOS);
  EXPECT_EQ(run_.stat("fragments-skipped"), 1U);
  run_.stop(GetParam());
  setFault("");
  expectCompleteRun();
}

TEST_P(Restart, AtRandomMoments) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 20; ++i) {
    run_.start();
    g_usleep(random() % 25'000);
    run_.stop(GetParam());
  }
  expectCompleteRun();
}

INSTANTIATE_TEST_SUITE_P(Through, Restart, testing::Values(GST_STATE_READY, GST_STATE_NULL),
                         [](const auto& test) {
                           return std::string(gst_element_state_get_name(test.param));
                         });

}  // namespace
}  // namespace kvsarchive::test
