// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "archive/fragment_fetcher.h"
#include "archive_test_util.h"

namespace kvsarchive::archive {

constexpr size_t kMiB = size_t{1} << 20;

/// Fetches from an archive of the fragments 1, 2 and 3 of two frames each.
class FetcherTest : public ArchiveTest {
 protected:
  using Numbers = test::FakeArchive::Numbers;

  FetcherTest() {
    add("1", 0);
    add("2", 2000);
    add("3", 4000);
  }

  std::unique_ptr<FragmentFetcher> newFetcher() {
    return std::make_unique<FragmentFetcher>(client_, RangeTrim(tenMinutes(), false, false),
                                             FetchLimits{1, 64 * kMiB});
  }

  /// As ListFragments would tell it.
  kvs::Fragment fragment(const std::string& number) {
    kvs::Fragment fragment;
    fragment.number = number;
    fragment.sizeBytes = listedBytes_ == 0 ? chunk(number).size() : listedBytes_;
    fragment.producerTimestamp = unixTimeFromMillis(kBegin);
    return fragment;
  }

  /// "[1 b b ] (2: gone) [3 b b cut short: why] end" for what is handed on of a batch.
  std::string fetch(const Numbers& numbers = {"1", "2", "3"}) {
    std::vector<kvs::Fragment> batch;
    for (const std::string& number : numbers) {
      batch.push_back(fragment(number));
    }
    if (!fetcher_->idle()) {  // an error is the end
      fetcher_ = newFetcher();
    }
    fetcher_->start(std::move(batch));
    payloads_.clear();
    return takeAll();
  }

  std::string takeAll() {
    std::string text;
    for (;;) {
      auto event = next(*fetcher_);
      if (!event) {
        error_ = event.error();
        return text + "error";
      }
      if (const auto* begin = std::get_if<FragmentBegin>(&*event)) {
        text += "[" + begin->fragment.number + " ";
        begins_.push_back(*begin);
      } else if (const auto* blocks = std::get_if<FragmentBlocks>(&*event)) {
        for (const matroska::ChunkBlock& block : *blocks) {
          text += "b ";
          payloads_ += joined(block.block.element, block.block.rest).view();
        }
      } else if (const auto* skipped = std::get_if<FragmentSkipped>(&*event)) {
        text += "(" + skipped->fragment.number + (skipped->unreadable ? " unreadable: " : ": ") +
                skipped->reason + ") ";
      } else if (const auto* end = std::get_if<FragmentEnd>(&*event)) {
        text += (end->cutShort.empty() ? "" : "cut short: " + end->cutShort) +
                (end->wrongSize.empty() ? "" : "as it is: " + end->wrongSize) + "] ";
      } else {
        return text + "end";
      }
    }
  }

  std::string chunk(const std::string& number) { return archive_.chunks[number]; }
  void answer(const test::FakeMedia& media) {
    archive_.media = [media](const auto&) { return media; };
  }
  /// Answers in turn, and then as a service without faults.
  void answers(std::vector<test::FakeMedia> bodies) {
    const size_t before = archive_.mediaRequests().size();
    archive_.media = [this, before, bodies = std::move(bodies)](const Numbers& numbers) {
      const size_t index = archive_.mediaRequests().size() - before - 1;
      return index < bodies.size() ? bodies[index] : test::FakeMedia(archive_.body(numbers));
    };
  }
  /// "1,2,3" for what the last requests asked for, after as many as `before`.
  std::vector<std::string> requestsAfter(size_t before) {
    std::vector<std::string> requests;
    for (size_t i = before; i < archive_.mediaRequests().size(); ++i) {
      std::string text;
      for (const std::string& number : archive_.mediaRequests()[i]) {
        text += (text.empty() ? "" : ",") + number;
      }
      requests.push_back(text);
    }
    return requests;
  }

  /// A fragment of ten frames of 1 MiB.
  std::string largeChunk(const std::string& number, const std::string& afterClusters = "") {
    test::ChunkSpec spec = test::simpleChunk(number, kBegin, 10);
    char letter = 'a';
    for (test::BlockSpec& block : spec.clusters[0].blocks) {
      block.payload.assign(kMiB, letter++);
    }
    spec.afterClusters = afterClusters;
    return test::buildChunk(spec);
  }

  /// Bodies come in pieces of that size.
  void cutIntoPieces(size_t size) {
    archive_.cut = [size](const std::string& body) {
      std::vector<Bytes> pieces;
      for (size_t at = 0; at < body.size(); at += size) {
        pieces.push_back(Bytes::copyOf(body.substr(at, size)));
      }
      return pieces;
    };
  }

  uint64_t listedBytes_ = 0;  ///< of all fragments; 0 = the size of the chunk
  std::unique_ptr<FragmentFetcher> fetcher_ = newFetcher();
  std::vector<FragmentBegin> begins_;
  std::string payloads_;
  Error error_;
};

}  // namespace kvsarchive::archive
