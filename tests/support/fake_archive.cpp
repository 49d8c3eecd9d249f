// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/fake_archive.h"

#include <deque>

namespace kvsarchive::test {
namespace {

class FakeExchange : public http::Exchange {
 public:
  FakeExchange(FakeArchive& archive, int status, const std::string& contentType,
               const std::vector<Bytes>& pieces, std::optional<Error> end)
      : archive_(archive), pieces_(pieces.begin(), pieces.end()), end_(std::move(end)) {
    head_.status = status;
    head_.headers = {{"Content-Type", contentType}, {"x-amzn-RequestId", "request-1"}};
  }

  Result<http::ResponseHead> head(const CancelToken& cancel) override {
    return archive_.isCancelled(cancel) ? Result<http::ResponseHead>(cancelledError())
                                        : Result<http::ResponseHead>(head_);
  }

  bool hasHead() override { return true; }
  bool hasBytes() override { return true; }
  size_t waitingBytes() const override { return 0; }
  void allow(size_t) override {}

  Result<Bytes> read(const CancelToken& cancel) override {
    if (archive_.isCancelled(cancel)) {
      return cancelledError();
    }
    while (!pieces_.empty() && pieces_.front().empty()) {
      pieces_.pop_front();  // no bytes would mean the end
    }
    if (pieces_.empty()) {
      return end_ ? Result<Bytes>(*end_) : Result<Bytes>(Bytes());
    }
    Bytes piece = std::move(pieces_.front());
    pieces_.pop_front();
    return piece;
  }

 private:
  FakeArchive& archive_;
  http::ResponseHead head_;
  std::deque<Bytes> pieces_;
  std::optional<Error> end_;
};

/// What stands between `before` and the next `end`.
std::string textBetween(const std::string& text, const std::string& before, char end) {
  const size_t at = text.find(before);
  if (at == std::string::npos) {
    return "";
  }
  const size_t start = at + before.size();
  return text.substr(start, text.find(end, start) - start);
}

FakeArchive::Numbers readNumbers(const std::string& request) {
  FakeArchive::Numbers numbers;
  std::string list = textBetween(request, "\"Fragments\":[", ']');
  for (size_t quote = list.find('"'); quote != std::string::npos; quote = list.find('"')) {
    list.erase(0, quote + 1);
    numbers.push_back(list.substr(0, list.find('"')));
    list.erase(0, list.find('"') + 1);
  }
  return numbers;
}

}  // namespace

void FakeArchive::add(const ListedFragment& listed, std::string chunk) {
  listing.fragments.push_back(listed);
  if (listed.sizeBytes == 0) {
    listing.fragments.back().sizeBytes = chunk.size();
  }
  chunks[listed.number] = std::move(chunk);
}

std::unique_ptr<http::Exchange> FakeArchive::send(http::Request request) {
  const std::string path = request.url.substr(request.url.rfind('/'));
  const auto json = [this](const std::string& text, int status = 200) {
    return std::make_unique<FakeExchange>(*this, status, "application/json",
                                          std::vector<Bytes>{Bytes::copyOf(text)}, std::nullopt);
  };
  if (path == "/getDataEndpoint") {
    return json("{\"DataEndpoint\":\"https://data.test\"}");
  }
  if (path == "/listFragments") {
    const FakeListing::Answer answer = listing.answer(request.body);
    return json(answer.json, answer.status);
  }
  const Numbers numbers = readNumbers(request.body);
  mediaRequests_.push_back(numbers);
  const FakeMedia answer = media ? media(numbers) : body(numbers);
  return std::make_unique<FakeExchange>(
      *this, answer.status, answer.status == 200 ? "video/webm" : "application/json",
      cut ? cut(answer.body) : std::vector<Bytes>{Bytes::copyOf(answer.body)}, answer.end);
}

bool FakeArchive::isCancelled(const CancelToken& cancel) {
  if (calls_++ == cancelAt && token != nullptr) {
    token->cancel();
  }
  return cancel.isCancelled();
}

std::string FakeArchive::body(const Numbers& numbers) const {
  std::string text;
  for (const std::string& number : numbers) {
    const auto chunk = chunks.find(number);
    text += chunk == chunks.end() ? "" : chunk->second;
  }
  return text;
}

}  // namespace kvsarchive::test
