// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/reply_sender.h"

#include <algorithm>
#include <cmath>

namespace kvsemulator {
namespace {

constexpr size_t kPieceSize = 256 << 10;
constexpr size_t kShapedPieceSize = 16 << 10;

}  // namespace

void ReplySender::send(SoupServerMessage* message, Reply reply, std::shared_ptr<LogEntry> entry,
                       RequestLog& log) {
  auto* sender = new ReplySender(message, std::move(reply), std::move(entry), log);
  g_object_set_data_full(G_OBJECT(message), "kvs-reply-sender", sender,
                         [](gpointer self) { delete static_cast<ReplySender*>(self); });
  sender->start();
}

ReplySender::ReplySender(SoupServerMessage* message, Reply reply, std::shared_ptr<LogEntry> entry,
                         RequestLog& log)
    : message_(message),
      delivery_(reply.delivery),
      status_(reply.status),
      body_(Reply()),
      entry_(std::move(entry)),
      log_(log) {
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  for (const auto& [name, value] : reply.headers) {
    soup_message_headers_append(headers, name.c_str(), value.c_str());
  }
  if (!reply.contentType.empty()) {
    soup_message_headers_set_content_type(headers, reply.contentType.c_str(), nullptr);
  }
  if (reply.chunked) {
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
  } else {
    soup_message_headers_set_content_length(headers, static_cast<goffset>(reply.body.size()));
  }
  soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
  body_ = BodyReader(std::move(reply));
}

ReplySender::~ReplySender() {
  if (timer_ != 0) {
    g_source_remove(timer_);
  }
  if (goneWatch_) {
    g_source_destroy(goneWatch_);
    g_source_unref(goneWatch_);
  }
  entry_->bytes = body_.offset();
  entry_->complete = complete_;
  log_.finish(*entry_);
}

void ReplySender::start() {
  const bool stallFirst = delivery_.stall && delivery_.stall->stage == StallStage::kBeforeHeaders;
  if (!stallFirst && delivery_.latencyMs == 0) {
    beginAnswer();
    return;
  }
  soup_server_message_pause(message_);
  schedule(static_cast<double>(delivery_.latencyMs) / 1000, [this, stallFirst] {
    if (stallFirst) {
      stalled_ = true;
      stall(false);
      return;
    }
    beginAnswer();
    soup_server_message_unpause(message_);
  });
}

void ReplySender::beginAnswer() {
  beginUs_ = g_get_monotonic_time();
  soup_server_message_set_status(message_, static_cast<guint>(status_), nullptr);
  g_signal_connect(message_, "wrote-chunk", G_CALLBACK(+[](SoupServerMessage*, gpointer self) {
                     static_cast<ReplySender*>(self)->pump(false);
                   }),
                   this);
  g_signal_connect(message_, "wrote-headers", G_CALLBACK(+[](SoupServerMessage*, gpointer self) {
                     static_cast<ReplySender*>(self)->pump(false);
                   }),
                   this);
}

void ReplySender::pump(bool paused) {
  if (complete_) {
    return;
  }
  size_t limit = delivery_.bytesPerSecond > 0 ? kShapedPieceSize : kPieceSize;
  if (delivery_.cut) {
    const auto left = body_.bytesUntil(*delivery_.cut);
    if (left && *left == 0) {
      closeSoon();
      return;
    }
    limit = std::min<uint64_t>(limit, left.value_or(limit));
  }
  if (delivery_.stall && !stalled_) {
    const bool now = delivery_.stall->stage == StallStage::kAfterHeaders;
    const auto left = now ? 0 : body_.bytesUntil(delivery_.stall->position);
    if (left && *left == 0) {
      stalled_ = true;
      stall(true);
      return;
    }
    limit = std::min<uint64_t>(limit, left.value_or(limit));
  }
  appendPiece(limit, paused);
}

void ReplySender::appendPiece(size_t limit, bool paused) {
  if (delivery_.bytesPerSecond > 0) {
    const double due =
        static_cast<double>(body_.offset()) / static_cast<double>(delivery_.bytesPerSecond);
    const double wait = due - static_cast<double>(g_get_monotonic_time() - beginUs_) / 1e6;
    if (wait > 0) {
      schedule(wait, [this] { pump(true); });
      return;
    }
  }
  SoupMessageBody* out = soup_server_message_get_response_body(message_);
  const Bytes piece = body_.next(limit);
  if (!piece.empty()) {
    soup_message_body_append_bytes(out, piece.get());
  } else {
    soup_message_body_complete(out);
    complete_ = true;
  }
  entry_->bytes = body_.offset();
  if (paused) {
    soup_server_message_unpause(message_);
  }
}

void ReplySender::stall(bool inAnswer) {
  const double seconds = delivery_.stall->seconds;
  if (seconds > 0) {
    schedule(seconds, [this, inAnswer] {
      if (inAnswer) {
        pump(true);
        return;
      }
      beginAnswer();
      soup_server_message_unpause(message_);
    });
    return;
  }
  // While nothing is written libsoup does not notice that the client has gone.
  goneWatch_ = g_socket_create_source(soup_server_message_get_socket(message_),
                                      static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), nullptr);
  g_source_set_callback(goneWatch_, G_SOURCE_FUNC(onClientGone), this, nullptr);
  g_source_attach(goneWatch_, nullptr);
}

void ReplySender::closeSoon() {
  // Not at once: libsoup is in the middle of writing when it calls.
  schedule(0, [this] {
    // Without this libsoup would end the chunked body properly when it lets go
    // of the stream.
    g_socket_shutdown(soup_server_message_get_socket(message_), TRUE, TRUE, nullptr);
    g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message_);
    g_io_stream_close(stream, nullptr, nullptr);
  });
}

void ReplySender::schedule(double seconds, std::function<void()> action) {
  action_ = std::move(action);
  timer_ = g_timeout_add(static_cast<guint>(std::lround(seconds * 1000)), onTimer, this);
}

gboolean ReplySender::onTimer(gpointer self) {
  auto* sender = static_cast<ReplySender*>(self);
  sender->timer_ = 0;
  const std::function<void()> action = std::move(sender->action_);
  action();  // may delete the sender
  return G_SOURCE_REMOVE;
}

gboolean ReplySender::onClientGone(GSocket*, GIOCondition, gpointer self) {
  static_cast<ReplySender*>(self)->closeSoon();
  return G_SOURCE_REMOVE;
}

}  // namespace kvsemulator
