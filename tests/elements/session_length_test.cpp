// SPDX-License-Identifier: LGPL-2.1-or-later
// Ranges with more fragments than a session has.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <string>

#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/session_player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [
  {"name": "cam1", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 8, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";

/// Of two hours, which could have far more.
GstElement* makeSource(const EmulatorProcess& emulator, const char* protocol, guint most) {
  GstElement* source = makeSessionSource(emulator.url(), "cam1", protocol);
  gst_util_set_object_arg(G_OBJECT(source), "playback-mode", "on-demand");
  g_object_set(source, "start-timestamp", "2026-03-01T09:00:00Z", "end-timestamp",
               "2026-03-01T11:00:00Z", "max-fragments", most, nullptr);
  return source;
}

/// The text of the first warning within 4 s.
std::string warningOf(GstElement* source) {
  GstElement* pipeline = intoFakesink(source);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(bus, 4 * GST_SECOND, GST_MESSAGE_WARNING);
  std::string text;
  if (message != nullptr) {
    g_autoptr(GError) warning = nullptr;
    gst_message_parse_warning(message, &warning, nullptr);
    text = warning->message;
    gst_message_unref(message);
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(bus);
  gst_object_unref(pipeline);
  return text;
}

/// The service leaves out the end of such a range without a word.
TEST(LongRanges, AreToldIfTheyMayNotFit) {
  const EmulatorProcess emulator(kConfig);
  for (const char* protocol : {"hls", "dash"}) {
    EXPECT_EQ(warningOf(makeSource(emulator, protocol, 5))
                  .find("The session has 5 fragments, as many as max-fragments"),
              0U)
        << protocol;
  }
}

TEST(LongRanges, AreLookedAtAgainIfTheirPlaylistIsNotToBeHad) {
  EmulatorProcess emulator(kConfig);
  emulator.setFaults(
      R"({"faults": [{"kind": "status", "operation": "GetHLSMediaPlaylist", "status": 503,
                      "request": 1}]})");
  EXPECT_NE(warningOf(makeSource(emulator, "hls", 5)), "");
  EXPECT_EQ(emulator.countRequests("GetHLSMediaPlaylist"), 2U);
}

/// By the service's clock any number of fragments can come in a second, by the producer's only one.
TEST(ShortRanges, AreLookedAtByTheServersClock) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"width": 64, "height": 64, "fragments": 8, "fragment-duration": 0.5, "fps": 6}]}]})");
  for (const char* selector : {"server-timestamp", "producer-timestamp"}) {
    const bool isServers = std::string(selector) == "server-timestamp";
    emulator.forgetRequests();
    GstElement* source = makeSource(emulator, "hls", 5);
    gst_util_set_object_arg(G_OBJECT(source), "fragment-selector-type", selector);
    g_object_set(source, "start-timestamp", "2026-03-01T10:00:00Z", "end-timestamp",
                 "2026-03-01T10:00:04.5Z", nullptr);
    EXPECT_EQ(warningOf(source) != "", isServers) << selector;
    EXPECT_EQ(emulator.countRequests("GetHLSMediaPlaylist"), isServers ? 1U : 0U) << selector;
  }
}

TEST(LongRanges, AreNotToldIfTheyFit) {
  const EmulatorProcess emulator(kConfig);
  EXPECT_EQ(warningOf(makeSource(emulator, "hls", 9)), "");
}

}  // namespace
}  // namespace kvsarchive::test
