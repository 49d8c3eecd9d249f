// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "archive/archive_reader.h"
#include "aws/static_provider.h"
#include "support/chunk_builder.h"
#include "support/fake_archive.h"
#include "support/fake_clock.h"

namespace kvsarchive::archive {

constexpr int64_t kBegin = 1'772'359'200'000;  // 2026-03-01T10:00:00Z

/// A client that talks to a scripted service.
class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest()
      : credentials_(aws::Credentials("AKIDEXAMPLE", "secret", "")),
        client_(clientOptions(), archive_, credentials_, clock_) {}

  /// Two attempts more after a failed one, without a pause.
  static kvs::ClientOptions clientOptions() {
    return {{"cam", ""}, "eu-west-1", "http://control.test", {2, 0, 0}};
  }

  /// Lists a fragment `start` ms behind kBegin, of frames 40 ms apart, and its media.
  void add(const std::string& number, int64_t start, int frames = 2) {
    archive_.add({number, kBegin + start, kBegin + start + 5250, 0, frames * 40},
                 test::buildChunk(test::simpleChunk(number, kBegin + start, frames)));
  }

  /// Waits for what a lister or a fetcher has next.
  template <typename Poller>
  auto next(Poller& poller, const CancelToken& cancel) {
    for (;;) {
      const uint64_t count = client_.bell().count();
      if (auto result = poller.poll(cancel)) {
        return std::move(*result);
      }
      client_.bell().wait(count, poller.wakeAt(), cancel);
    }
  }
  template <typename Poller>
  auto next(Poller& poller) {
    return next(poller, cancel_);
  }

  test::FakeClock clock_{unixTimeFromMillis(kBegin)};
  test::FakeArchive archive_;
  aws::StaticProvider credentials_;
  kvs::ArchivedMediaClient client_;
  CancelToken cancel_;
};

inline kvs::FragmentSelector tenMinutes() {
  return {kvs::SelectorType::kProducerTimestamp, unixTimeFromMillis(kBegin),
          unixTimeFromMillis(kBegin + 600'000)};
}

inline ArchiveOptions tenMinutesOptions() {
  ArchiveOptions options;
  options.selector = tenMinutes();
  return options;
}

/// All that a reader hands on until its end or an error.
struct ReaderRun {
  std::vector<FragmentStart> starts;
  std::vector<std::string> warnings;
  std::string document;
  std::string order;  ///< P(rogress) H(eader) S(tart) B(lock) W(arning) E(nd)
  size_t reports = 0;
  std::optional<Error> error;
  size_t cancelled = 0;
};

ReaderRun readAll(ArchiveReader& reader, CancelToken& cancel);

}  // namespace kvsarchive::archive
