// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session/session.h"

#include <utility>

#include "base/iso8601.h"
#include "base/log.h"
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
      fetch_ = std::make_unique<ManifestFetch>(client_, transport_, request_.protocol, url_);
    }
    auto manifest = fetch_->fetch(cancel);
    if (!manifest && manifest.error().kind == ErrorKind::kCancelled) {
      return manifest;
    }
    fetch_.reset();
    if (manifest) {
      return manifest;
    }
    // It may be over: retries can take long.
    const bool isRefused = manifest.error().kind == ErrorKind::kNotAuthorized;
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

}  // namespace kvsarchive::session
