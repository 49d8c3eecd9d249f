// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks go out in lists, but one by one where somebody looks at them or counts them.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/emulator_process.h"
#include "support/pipeline_run.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"streams": [{"name": "cam1", "recordings": [
    {"type": "bulk", "fragments": 3, "fragment-size": 2000000, "frame-size": 8000,
     "start": "2026-03-01T10:00:00Z"}]}]})";

/// What a probe saw.
struct Seen {
  guint buffers = 0;  ///< one by one
  guint lists = 0;
  guint largestList = 0;
  gsize most = 0;  ///< bytes of a list
  std::string bytes;
};

void note(GstBuffer* buffer, Seen* seen) {
  GstMapInfo map;
  ASSERT_TRUE(gst_buffer_map(buffer, &map, GST_MAP_READ));
  seen->bytes.append(reinterpret_cast<const char*>(map.data), map.size);
  gst_buffer_unmap(buffer, &map);
}

GstPadProbeReturn look(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* seen = static_cast<Seen*>(data);
  if ((GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
    ++seen->buffers;
    note(GST_PAD_PROBE_INFO_BUFFER(info), seen);
    return GST_PAD_PROBE_OK;
  }
  GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
  ++seen->lists;
  seen->largestList = std::max(seen->largestList, gst_buffer_list_length(list));
  seen->most = std::max(seen->most, gst_buffer_list_calculate_size(list));
  for (guint i = 0; i < gst_buffer_list_length(list); ++i) {
    note(gst_buffer_list_get(list, i), seen);
  }
  return GST_PAD_PROBE_OK;
}

class Pushes : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }

  static GstElement* source() {
    GstElement* source = makeSource(emulator_->url(), "cam1");
    gst_object_set_name(GST_OBJECT(source), "source");
    return source;
  }

  /// Plays `source ! more`; the probe is on a pad of an element of it.
  static Seen play(GstElement* source, const char* more, const char* element, const char* pad) {
    GstElement* pipeline = gst_pipeline_new(nullptr);
    GstElement* rest = gst_parse_bin_from_description(more, TRUE, nullptr);
    gst_bin_add_many(GST_BIN(pipeline), source, rest, nullptr);
    EXPECT_TRUE(gst_element_link(source, rest));
    GstElement* probed = gst_bin_get_by_name(GST_BIN(pipeline), element);
    GstPad* probedPad = gst_element_get_static_pad(probed, pad);
    Seen seen;
    gst_pad_add_probe(
        probedPad,
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST),
        look, &seen, nullptr);
    gst_object_unref(probedPad);
    gst_object_unref(probed);
    EXPECT_EQ(playToEnd(pipeline), "");
    gst_object_unref(pipeline);
    return seen;
  }

  inline static std::unique_ptr<EmulatorProcess> emulator_;
};

TEST_F(Pushes, ListsHaveEveryBlockOnceAndAreNotLong) {
  const Seen seen = play(source(), "queue name=queue ! fakesink", "queue", "src");
  EXPECT_GT(seen.lists, 20U);
  EXPECT_LT(seen.buffers, 60U);
  EXPECT_GT(seen.largestList, 20U);
  EXPECT_LE(seen.most, size_t{256 << 10} + 8500);
  const Seen single = play(source(), "fakesink", "source", "src");
  EXPECT_GT(single.bytes.size(), 5'900'000U);
  EXPECT_EQ(seen.bytes == single.bytes, true);
}

TEST_F(Pushes, ProbesSeeEveryBuffer) {
  GstElement* bin = gst_bin_new("outer");
  GstElement* inner = source();
  gst_bin_add(GST_BIN(bin), inner);
  GstPad* pad = gst_element_get_static_pad(inner, "src");
  gst_element_add_pad(bin, gst_ghost_pad_new("src", pad));
  gst_object_unref(pad);
  const struct {
    const char* name;
    Seen seen;
  } cases[] = {
      {"source", play(source(), "fakesink", "source", "src")},
      {"sink within a bin", play(source(), "fakesink name=sink", "sink", "sink")},
      {"ghost pad of a bin", play(bin, "fakesink", "outer", "src")},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(c.seen.lists, 0U);
    EXPECT_GT(c.seen.buffers, 700U);
    EXPECT_EQ(c.seen.buffers, cases[0].seen.buffers);
    EXPECT_EQ(c.seen.bytes == cases[0].seen.bytes, true);
  }
}

TEST_F(Pushes, NumBuffersCountsBuffers) {
  GstElement* element = source();
  g_object_set(element, "num-buffers", 100, nullptr);
  const Seen seen = play(element, "queue name=queue ! fakesink", "queue", "src");
  EXPECT_EQ(seen.buffers, 100U);
  EXPECT_EQ(seen.lists, 0U);
}

/// Lists that the queue has then are all that it does not see.
TEST_F(Pushes, AProbeMayComeLater) {
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = source();
  GstElement* rest = gst_parse_bin_from_description(
      "queue name=queue max-size-buffers=100 ! fakesink", TRUE, nullptr);
  gst_bin_add_many(GST_BIN(pipeline), element, rest, nullptr);
  ASSERT_TRUE(gst_element_link(element, rest));
  struct Late {
    GstPad* pad;
    Seen seen;
  } late{gst_element_get_static_pad(element, "src"), {}};
  const auto onFirst = [](GstPad*, GstPadProbeInfo*, gpointer data) {
    auto* begun = static_cast<Late*>(data);
    gst_pad_add_probe(begun->pad, GST_PAD_PROBE_TYPE_BUFFER, look, &begun->seen, nullptr);
    return GST_PAD_PROBE_REMOVE;
  };
  GstElement* queue = gst_bin_get_by_name(GST_BIN(pipeline), "queue");
  GstPad* behind = gst_element_get_static_pad(queue, "src");
  gst_pad_add_probe(behind, GST_PAD_PROBE_TYPE_BUFFER_LIST, onFirst, &late, nullptr);
  EXPECT_EQ(playToEnd(pipeline), "");
  EXPECT_GT(late.seen.buffers, 400U);
  gst_object_unref(behind);
  gst_object_unref(queue);
  gst_object_unref(late.pad);
  gst_object_unref(pipeline);
}

}  // namespace
}  // namespace kvsarchive::test
