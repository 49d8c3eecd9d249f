// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session.h"

#include <chrono>
#include <utility>

#include "base/iso8601.h"
#include "base/log.h"
#include "session/manifest.h"
#include "session/session_error.h"

namespace kvsarchive::session {

Session::Session(kvs::ArchivedMediaClient& client, http::Transport& transport, const Clock& clock,
                 kvs::SessionRequest request)
    : client_(client), transport_(transport), clock_(clock), request_(request) {}

Result<std::string> Session::open(const CancelToken& cancel) {
  for (;;) {
    if (!fetch_) {
      const Status asked = ask(cancel);
      if (!asked) {
        return asked.error();
      }
      fetch_ = std::make_unique<ManifestFetch>(client_, transport_, request_.protocol,
                                               manifestOperation(request_.protocol), url_);
    }
    auto manifest = fetch_->fetch(cancel);
    if (!manifest && manifest.error().kind == ErrorKind::kCancelled) {
      return manifest;
    }
    fetch_.reset();
    if (manifest && request_.protocol == kvs::SessionProtocol::kDash) {
      fragments_ = kvsarchive::session::countFragments(*manifest);
    } else if (manifest) {
      playlistUrl_ = mediaPlaylistUrl(url_.text(), *manifest);
    }
    if (manifest) {
      return manifest;
    }
    // It may be over: retries can take long.
    const bool isRefused =
        manifest.error().kind == ErrorKind::kNotAuthorized && !isRefusedByProxy(manifest.error());
    if (!isRefused || std::exchange(askedAgain_, true)) {
      return explained(std::move(manifest.error()), request_);
    }
  }
}

Status Session::ask(const CancelToken& cancel) {
  if (!call_) {
    call_ = client_.sessionUrl(request_);
  }
  auto url = client_.wait(*call_, cancel);
  if (!url && url.error().kind == ErrorKind::kCancelled) {
    return url.error();
  }
  call_.reset();
  if (!url) {
    return explained(std::move(url.error()), request_);
  }
  url_ = SecretUrl(std::move(*url));
  life_.emplace(clock_, request_.expires);
  log::write(log::Level::kInfo, log::Area::kClient,
             "session of " + client_.stream().text() + " until " + formatIso8601(life_->end()));
  return {};
}

size_t Session::mostFragments() const {
  constexpr size_t kUsual = 1000;  // on demand
  return request_.maxFragments != 0 ? static_cast<size_t>(request_.maxFragments) : kUsual;
}

bool Session::mayBeCut() const {
  if (request_.playbackMode != kvs::PlaybackMode::kOnDemand || !request_.start || !request_.end) {
    return false;
  }
  if (fragments_) {
    return true;  // it is known
  }
  // By the producer's clock fragments take a second at least; by the service's any number can come
  // in one, behind an outage.
  return request_.selectorType == kvs::SelectorType::kServerTimestamp ||
         *request_.end - *request_.start >= std::chrono::seconds(mostFragments());
}

std::optional<size_t> Session::countFragments(const CancelToken& cancel) {
  if (!fragments_ && !playlistUrl_.empty()) {
    ManifestFetch fetch(client_, transport_, request_.protocol, "GetHLSMediaPlaylist",
                        SecretUrl(playlistUrl_));
    const auto playlist = fetch.attempt(cancel);
    if (playlist) {
      fragments_ = kvsarchive::session::countFragments(*playlist);
    }
  }
  return fragments_;
}

}  // namespace kvsarchive::session
