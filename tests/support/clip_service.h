// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/fake_http_server.h"

namespace kvsarchive::test {

/// How a muxer lays an MP4 file out.
enum class Mp4Layout { kMovieLast, kMovieFirst, kFragmented };
constexpr Mp4Layout kMp4Layouts[] = {Mp4Layout::kMovieLast, Mp4Layout::kMovieFirst,
                                     Mp4Layout::kFragmented};
const char* nameOf(Mp4Layout layout);

/// An MP4 file of H.264 and AAC: 10 pictures a second, a key frame each second.
std::string makeMp4(Mp4Layout layout, int seconds, bool audio = true);

/// A service with one stream whose clips are given bytes, sent as a test wants them. Its data
/// endpoint is itself.
class ClipService {
 public:
  /// Sends an answer to the GetClip of that index, from 0.
  using OnClip = std::function<void(size_t index, ServerConnection& connection)>;

  explicit ClipService(std::string mp4);

  std::string url() const { return server_->url(); }
  /// Begin of a good answer: with the clip's length, or chunked.
  std::string head(bool chunked = false) const;
  std::string whole() const { return head() + mp4_; }
  const std::string& mp4() const { return mp4_; }

  /// Before the service is asked. Unset: the whole clip.
  void onClip(OnClip answer) { onClip_ = std::move(answer); }
  /// Lists so many fragments of a second, that size, from 2026-03-01T10:00:00Z on. As it is, there
  /// is no permission to list them.
  void list(int count, uint64_t size);

  size_t clipRequests() const { return clipRequests_; }
  std::vector<ReceivedRequest> requests() const { return server_->requests(); }

 private:
  void answerRequest(const ReceivedRequest& request, ServerConnection& connection);

  const std::string mp4_;
  OnClip onClip_;
  std::string listing_;
  std::atomic<size_t> clipRequests_{0};
  std::unique_ptr<FakeHttpServer> server_;  // last: its threads use the others
};

}  // namespace kvsarchive::test
