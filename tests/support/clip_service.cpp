// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/clip_service.h"

#include <gst/gst.h>

#include <cstdlib>

#include "support/temp_file.h"

namespace kvsarchive::test {

const char* nameOf(Mp4Layout layout) {
  switch (layout) {
    case Mp4Layout::kMovieLast:
      return "movie last";
    case Mp4Layout::kMovieFirst:
      return "movie first";
    case Mp4Layout::kFragmented:
      return "fragmented";
  }
  return "";
}

std::string makeMp4(Mp4Layout layout, int seconds, bool audio) {
  const TempFile file("");
  const char* options = layout == Mp4Layout::kMovieFirst   ? "faststart=true"
                        : layout == Mp4Layout::kFragmented ? "fragment-duration=1000"
                                                           : "";
  const std::string sound =
      audio ? "audiotestsrc num-buffers=" + std::to_string(seconds * 8) +
                  " samplesperbuffer=1000 ! audio/x-raw,rate=8000,channels=1 ! audioconvert ! "
                  "avenc_aac ! aacparse ! queue ! m."
            : "";
  g_autofree gchar* text = g_strdup_printf(
      "videotestsrc pattern=ball num-buffers=%d ! video/x-raw,width=160,height=120,framerate=10/1 "
      "! "
      "x264enc key-int-max=10 bframes=0 tune=zerolatency threads=1 ! h264parse ! queue ! "
      "mp4mux name=m %s ! filesink location=%s %s",
      seconds * 10, options, file.path(), sound.c_str());
  GstElement* pipeline = gst_parse_launch(text, nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  GstBus* bus = gst_element_get_bus(pipeline);
  GstMessage* message = gst_bus_timed_pop_filtered(
      bus, 30 * GST_SECOND, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  if (message == nullptr || GST_MESSAGE_TYPE(message) != GST_MESSAGE_EOS) {
    std::abort();
  }
  gst_message_unref(message);
  gst_object_unref(bus);
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
  gchar* content = nullptr;
  gsize size = 0;
  if (g_file_get_contents(file.path(), &content, &size, nullptr) == FALSE) {
    std::abort();
  }
  std::string mp4(content, size);
  g_free(content);
  return mp4;
}

ClipService::ClipService(std::string mp4) : mp4_(std::move(mp4)) {
  server_ = std::make_unique<FakeHttpServer>(
      [this](const ReceivedRequest& request, ServerConnection& connection) {
        answerRequest(request, connection);
      });
}

std::string ClipService::head(bool chunked) const {
  if (chunked) {
    return chunkedHead(200, {{"Content-Type", "video/mp4"}});
  }
  return "HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: " +
         std::to_string(mp4_.size()) + "\r\n\r\n";
}

void ClipService::list(int count, uint64_t size) {
  constexpr int64_t kBegin = 1'772'359'200;
  std::string json;
  for (int i = 0; i < count; ++i) {
    const std::string seconds = std::to_string(kBegin + i);
    json += std::string(json.empty() ? "" : ",") + "{\"FragmentNumber\":\"" +
            std::to_string(i + 1) + "\",\"FragmentSizeInBytes\":" + std::to_string(size) +
            ",\"ProducerTimestamp\":" + seconds + ",\"ServerTimestamp\":" + seconds +
            ",\"FragmentLengthInMilliseconds\":1000}";
  }
  listing_ = "{\"Fragments\":[" + json + "]}";
}

void ClipService::answerRequest(const ReceivedRequest& request, ServerConnection& connection) {
  const http::Headers isJson{{"Content-Type", "application/json"}};
  if (request.target == "/getDataEndpoint") {
    connection.write(answer(200, isJson, "{\"DataEndpoint\":\"" + server_->url() + "\"}"));
  } else if (request.target == "/listFragments") {
    connection.write(listing_.empty() ? answer(403,
                                               {{"Content-Type", "application/json"},
                                                {"x-amzn-ErrorType", "AccessDeniedException"}},
                                               "{\"Message\":\"not allowed\"}")
                                      : answer(200, isJson, listing_));
  } else if (onClip_) {
    onClip_(clipRequests_++, connection);
  } else {
    ++clipRequests_;
    connection.write(whole());
  }
}

}  // namespace kvsarchive::test
