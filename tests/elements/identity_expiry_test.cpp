// SPDX-License-Identifier: LGPL-2.1-or-later
// Credentials that expire or are rotated while elements play: all is delivered, nobody notices.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/iso8601.h"
#include "support/aws_sources.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"
#include "support/wait_for.h"

namespace kvsarchive::test {
namespace {

using std::chrono::milliseconds;

const char* const kConfig = R"({"region": "eu-west-1", "streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 320, "height": 240, "fragments": 16, "fragment-duration": 1,
     "fps": 10, "start": "2026-03-01T10:00:00Z"}]}]})";

UnixTime now() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

/// A container's endpoint: gives others at each request, and lets the emulator know them.
class Dispenser {
 public:
  /// `life`: of the keys, 0 = for ever.
  Dispenser(AwsScene& scene, const EmulatorProcess& emulator, milliseconds life,
            bool alwaysSame = false)
      : emulator_(emulator), life_(life), alwaysSame_(alwaysSame) {
    const FakeHttpServer& server =
        scene.serve([this](const ReceivedRequest& request, ServerConnection& connection) {
          connection.write(answer(200, {}, give(request.header("User-Agent"))));
        });
    scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
  }

  /// From now on the service answers so to all that was given so far.
  void endAll(bool asUnknown) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, expires] : keys_) {
      expires = now() - milliseconds(1000);
    }
    if (asUnknown) {
      keys_.clear();
    }
    tellEmulator();
  }

  /// How often each element has asked.
  std::map<std::string, int> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  /// Whether one element has asked while it was being answered.
  bool wasAskedTwiceAtATime() const { return twiceAtATime_; }

 private:
  std::string give(const std::string& who) {
    UnixTime expires;
    std::string id;
    {
      const std::lock_guard lock(mutex_);
      twiceAtATime_ = !asking_.insert(who).second || twiceAtATime_;
      id = "ASIA" + std::to_string(alwaysSame_ ? 0 : ++given_);
      expires = life_.count() == 0 ? unixTimeFromMillis(4'102'444'800'000) : now() + life_;
      if (!alwaysSame_ || asked_.empty()) {
        keys_[id] = expires;
      }
      ++asked_[who];
      tellEmulator();
    }
    g_usleep(30'000);
    const std::lock_guard lock(mutex_);
    asking_.erase(who);
    return keysJson(id, formatIso8601(expires));
  }

  void tellEmulator() const {
    std::string list;
    for (const auto& [id, expires] : keys_) {
      list += std::string(list.empty() ? "" : ",") + R"({"access-key": ")" + id +
              R"(", "secret-key": ")" + secretOf(id) + R"(", "session-token": ")" + tokenOf(id) +
              R"(", "expiration": ")" + formatIso8601(expires) + "\"}";
    }
    emulator_.change("credentials", R"({"credentials": [)" + list + "]}");
  }

  const EmulatorProcess& emulator_;
  const milliseconds life_;
  const bool alwaysSame_;
  mutable std::mutex mutex_;
  std::map<std::string, UnixTime> keys_;
  std::map<std::string, int> asked_;
  std::set<std::string> asking_;
  int given_ = 0;
  std::atomic<bool> twiceAtATime_{false};
};

class IdentityExpiry : public testing::Test {
 protected:
  IdentityExpiry() { delayMedia(80); }

  /// Each answer with media, so that a run lasts for a while.
  void delayMedia(int ms) const {
    emulator_.setFaults(R"({"faults": [{"kind": "latency", "request": "every",
        "operation": "GetMediaForFragmentList", "ms": )" +
                        std::to_string(ms) + "}]}");
  }

  /// An element that takes its time, and asks for little at a time.
  GstElement* makeSlow(const std::string& userAgent, unsigned connections = 1) {
    GstElement* source = makeSource(emulator_.url(), "cam1");
    g_object_set(source, "access-key", nullptr, "secret-key", nullptr, "aws-region", kRegion,
                 "user-agent", userAgent.c_str(), "prefetch-bytes", guint64{65536},
                 "max-connections", connections, "retries", 0, nullptr);
    return source;
  }

  void expectAll(const Played& played) const {
    EXPECT_TRUE(played.eos) << (played.error ? played.error->message : "no end");
    EXPECT_TRUE(played.warnings.empty());
    expectPlayed(manifest_, played);
  }

  void awaitMediaRequests(size_t count) const {
    EXPECT_TRUE(
        waitFor([&] { return emulator_.countRequests("GetMediaForFragmentList") >= count; }));
  }

  size_t countRefused(const std::string& code) const {
    const auto all = emulator_.requests();
    return static_cast<size_t>(std::count_if(
        all.begin(), all.end(), [&](const auto& request) { return request.errorCode == code; }));
  }

  AwsScene scene_;
  const EmulatorProcess emulator_{kConfig};
  const Manifest manifest_ = emulator_.manifest("cam1");
};

TEST_F(IdentityExpiry, ShortLivedKeysAreReplacedWhileSeveralElementsPlay) {
  delayMedia(350);
  const Dispenser dispenser(scene_, emulator_, milliseconds(1500));
  std::vector<std::thread> players;
  std::vector<Played> played(3);
  for (size_t i = 0; i < played.size(); ++i) {
    players.emplace_back([&, i] { played[i] = play(makeSlow("reader-" + std::to_string(i))); });
  }
  for (std::thread& player : players) {
    player.join();
  }
  for (const Played& one : played) {
    expectAll(one);
  }
  const auto asked = dispenser.asked();
  EXPECT_EQ(asked.size(), 3U);
  for (const auto& [who, times] : asked) {
    EXPECT_GE(times, 3) << who;
    EXPECT_LE(times, 30) << who;
  }
  EXPECT_FALSE(dispenser.wasAskedTwiceAtATime());
}

/// The service's word goes before what the source says about the expiry.
TEST_F(IdentityExpiry, KeysThatTheServiceRefusesAreReplacedAtOnce) {
  for (const bool asUnknown : {false, true}) {
    AwsScene scene;
    Dispenser dispenser(scene, emulator_, milliseconds(0));
    emulator_.forgetRequests();
    Played played[2];
    std::thread first([&] { played[0] = play(makeSlow("first", 4)); });
    std::thread second([&] { played[1] = play(makeSlow("second", 4)); });
    awaitMediaRequests(4);
    dispenser.endAll(asUnknown);
    first.join();
    second.join();
    expectAll(played[0]);
    expectAll(played[1]);
    EXPECT_EQ(dispenser.asked(), (std::map<std::string, int>{{"first", 2}, {"second", 2}}));
    EXPECT_FALSE(dispenser.wasAskedTwiceAtATime());
    EXPECT_GE(countRefused(asUnknown ? "UnrecognizedClientException" : "ExpiredTokenException"),
              2U);
  }
}

TEST_F(IdentityExpiry, TheSameKeysAgainEndTheRun) {
  Dispenser dispenser(scene_, emulator_, milliseconds(0), true);
  Played played;
  std::thread player([&] { played = play(makeSlow("reader")); });
  awaitMediaRequests(2);
  dispenser.endAll(false);
  player.join();
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.sourceErrors(), 1U);
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  EXPECT_EQ(played.error->details.at("aws-error-code"), "ExpiredTokenException");
  EXPECT_EQ(dispenser.asked().at("reader"), 2);
  EXPECT_EQ(countRefused("ExpiredTokenException"), 1U);
}

/// Holds the streaming thread at the second buffer until it is told.
struct Gate {
  std::atomic<int> buffers{0};
  std::atomic<bool> open{false};

  static GstPadProbeReturn onBuffer(GstPad*, GstPadProbeInfo*, gpointer data) {
    auto* gate = static_cast<Gate*>(data);
    if (++gate->buffers == 2) {
      while (!gate->open) {
        g_usleep(1000);
      }
    }
    return GST_PAD_PROBE_OK;
  }
};

TEST_F(IdentityExpiry, TheApplicationReplacesKeysWhileItPlays) {
  const auto set = [](GstElement* element, const std::string& fields) {
    gst_util_set_object_arg(G_OBJECT(element), "credentials", ("credentials" + fields).c_str());
  };
  const auto keys = [](const std::string& id) {
    return ",access-key=" + id + ",secret-key=" + secretOf(id) + ",session-token=" + tokenOf(id);
  };
  emulator_.change("credentials", accepted({"ASIAOLD"}));
  Gate gate;
  GstElement* element = makeSlow("reader");
  set(element, keys("ASIAOLD"));
  GstPad* pad = gst_element_get_static_pad(element, "src");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, Gate::onBuffer, &gate, nullptr);
  gst_object_unref(pad);
  gst_object_ref_sink(element);
  Played played;
  std::thread player([&] { played = play(GST_ELEMENT(gst_object_ref(element))); });
  EXPECT_TRUE(waitFor([&] { return gate.buffers >= 2; }));
  // Until all that may be fetched ahead is there.
  for (size_t before = 0; before != emulator_.requests().size();) {
    before = emulator_.requests().size();
    g_usleep(250'000);
  }
  const size_t requests = emulator_.countRequests("GetMediaForFragmentList");
  EXPECT_LT(requests, 8U);
  emulator_.change("credentials", accepted({"ASIANEW"}));
  set(element, keys("ASIANEW"));
  set(element, ",access-key=ASIABAD");  // told, and not used
  gate.open = true;
  player.join();
  gst_object_unref(element);
  ASSERT_EQ(played.warnings.size(), 1U);
  EXPECT_EQ(played.warnings[0],
            "credentials: the field secret-key is missing. The old keys are used on.");
  played.warnings.clear();
  expectAll(played);
  EXPECT_GT(emulator_.countRequests("GetMediaForFragmentList"), requests);
  EXPECT_EQ(countRefused("UnrecognizedClientException"), 0U);
}

}  // namespace
}  // namespace kvsarchive::test
