// SPDX-License-Identifier: LGPL-2.1-or-later
#include "archive/list_pages.h"

#include "base/log.h"
#include "kvs/service_error.h"

namespace kvsarchive::archive {
namespace {

constexpr int kMaxRestarts = 2;
constexpr int kMaxEmptyPages = 100;

Error endlessList(const char* what) {
  Error error = makeError(ErrorKind::kDecode, std::string("The service ") + what);
  error.operation = "ListFragments";
  return error;
}

}  // namespace

ListPages::ListPages(kvs::ArchivedMediaClient& client, const kvs::FragmentSelector& selector,
                     int maxResults)
    : client_(client), selector_(selector), maxResults_(maxResults) {}

std::optional<Result<std::vector<kvs::Fragment>>> ListPages::poll(const CancelToken& cancel) {
  using Fragments = Result<std::vector<kvs::Fragment>>;
  for (;;) {
    if (!call_) {
      call_ = client_.listFragments(selector_, maxResults_, token_);
    }
    auto page = call_->poll(cancel);
    if (!page) {
      return std::nullopt;
    }
    if (!*page && page->error().kind == ErrorKind::kCancelled) {
      return Fragments(page->error());
    }
    call_.reset();
    if (*page) {
      return take(std::move(**page));
    }
    const bool expired =
        !token_.empty() && kvs::shortCode(page->error().awsCode) == "InvalidArgument";
    if (!expired || !startOver("a token is refused: " + page->error().message)) {
      return Fragments(page->error());
    }
  }
}

Result<std::vector<kvs::Fragment>> ListPages::take(kvs::FragmentPage page) {
  token_ = page.nextToken;
  done_ = token_.empty();
  if (!done_ && !seenTokens_.insert(token_).second && !startOver("a token repeats")) {
    return endlessList("repeats a page of the fragment list");
  }
  emptyPages_ = page.fragments.empty() ? emptyPages_ + 1 : 0;
  if (!done_ && emptyPages_ > kMaxEmptyPages) {
    return endlessList("sends empty pages of the fragment list without an end");
  }
  return std::move(page.fragments);
}

bool ListPages::startOver(const std::string& reason) {
  if (restarts_ == kMaxRestarts) {
    return false;
  }
  ++restarts_;
  log::write(log::Level::kInfo, log::Area::kArchive,
             "the list of fragments starts over: " + reason);
  token_.clear();
  seenTokens_.clear();
  return true;
}

}  // namespace kvsarchive::archive
