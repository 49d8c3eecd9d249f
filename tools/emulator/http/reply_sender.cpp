// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/reply_sender.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cmath>

namespace kvsemulator {
namespace {

constexpr size_t kPieceSize = 256 << 10;
constexpr size_t kShapedPieceSize = 16 << 10;
constexpr uint64_t kShapedPiecesPerSecond = 10;
constexpr double kResetCheckSeconds = 0.002;
constexpr int kMaxResetChecks = 5000;

/// Bytes that the client's side has not acknowledged yet.
int unsentBytes(GSocket* socket) {
  int bytes = 0;
  return ioctl(g_socket_get_fd(socket), SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

size_t pieceSize(uint64_t bytesPerSecond) {
  if (bytesPerSecond == 0) {
    return kPieceSize;
  }
  return std::clamp<uint64_t>(bytesPerSecond / kShapedPiecesPerSecond, 1, kShapedPieceSize);
}

void replaceDate(SoupMessageHeaders* headers, int64_t ms) {
  GDateTime* date = g_date_time_new_from_unix_utc(ms / 1000);
  g_autofree gchar* text = soup_date_time_to_string(date, SOUP_DATE_HTTP);
  g_date_time_unref(date);
  soup_message_headers_replace(headers, "Date", text);
}

/// What is left of a stream that was taken from libsoup.
struct Leftover {
  GIOStream* stream;
  Bytes bytes;
};

void onLeftoverWritten(GObject* out, GAsyncResult* result, gpointer data) {
  auto* leftover = static_cast<Leftover*>(data);
  g_output_stream_write_all_finish(G_OUTPUT_STREAM(out), result, nullptr, nullptr);
  g_io_stream_close(leftover->stream, nullptr, nullptr);
  g_object_unref(leftover->stream);
  delete leftover;
}

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
      lease_(std::move(reply.lease)),
      entry_(std::move(entry)),
      log_(log) {
  // libsoup keeps them; asked first when the connection has broken, it warns.
  soup_server_message_get_local_address(message);
  soup_server_message_get_remote_address(message);
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  for (const auto& [name, value] : reply.headers) {
    soup_message_headers_append(headers, name.c_str(), value.c_str());
  }
  if (reply.dateMs) {
    replaceDate(headers, *reply.dateMs);
  }
  if (!reply.contentType.empty()) {
    soup_message_headers_set_content_type(headers, reply.contentType.c_str(), nullptr);
  }
  if (delivery_.declaredLength) {
    soup_message_headers_set_content_length(headers,
                                            static_cast<goffset>(*delivery_.declaredLength));
  } else if (reply.chunked) {
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
  } else {
    soup_message_headers_set_content_length(headers, static_cast<goffset>(reply.bodySize()));
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
  const auto first = AnswerStage::kBeforeHeaders;
  const bool stallFirst = delivery_.stall && delivery_.stall->stage == first;
  const bool breakFirst = delivery_.breakOff && delivery_.breakOff->stage == first;
  if (!stallFirst && !breakFirst && delivery_.latencyMs == 0) {
    beginAnswer();
    return;
  }
  soup_server_message_pause(message_);
  schedule(static_cast<double>(delivery_.latencyMs) / 1000, [this] { resume(); });
}

void ReplySender::resume() {
  if (delivery_.stall && delivery_.stall->stage == AnswerStage::kBeforeHeaders && !stalled_) {
    stalled_ = true;
    stall(false);
    return;
  }
  if (delivery_.breakOff && delivery_.breakOff->stage == AnswerStage::kBeforeHeaders) {
    breakOff();
    return;
  }
  beginAnswer();
  soup_server_message_unpause(message_);
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
  size_t limit = pieceSize(delivery_.bytesPerSecond);
  const auto passes = [&](AnswerStage stage, const BodyPosition& position) {
    const auto left = stage == AnswerStage::kInBody ? body_.bytesUntil(position) : 0;
    limit = std::min<uint64_t>(limit, left.value_or(limit));
    return limit == 0;
  };
  if (delivery_.stall && !stalled_ && passes(delivery_.stall->stage, delivery_.stall->position)) {
    stalled_ = true;
    stall(true);
    return;
  }
  if (delivery_.breakOff && passes(delivery_.breakOff->stage, delivery_.breakOff->position)) {
    breakOff();
    return;
  }
  // Behind the last byte that was declared libsoup would call the answer finished.
  if (delivery_.excess && passes(AnswerStage::kInBody, {{}, *delivery_.declaredLength - 1})) {
    spill();
    return;
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
    lease_.reset();  // before the client can know
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
      resume();
    });
    return;
  }
  // While nothing is written libsoup does not notice that the client has gone.
  goneWatch_ = g_socket_create_source(soup_server_message_get_socket(message_),
                                      static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), nullptr);
  g_source_set_callback(goneWatch_, G_SOURCE_FUNC(onClientGone), this, nullptr);
  g_source_attach(goneWatch_, nullptr);
}

void ReplySender::breakOff() {
  // Not at once: libsoup is in the middle of writing when it calls.
  schedule(0, [this] { delivery_.breakOff->reset ? reset() : close(); });
}

void ReplySender::close() {
  lease_.reset();
  // Without this libsoup would end the chunked body properly when it lets go of
  // the stream.
  g_socket_shutdown(soup_server_message_get_socket(message_), TRUE, TRUE, nullptr);
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message_);
  g_io_stream_close(stream, nullptr, nullptr);
}

void ReplySender::reset() {
  GSocket* socket = soup_server_message_get_socket(message_);
  // A reset throws away what is still on its way.
  if (unsentBytes(socket) > 0 && ++resetChecks_ < kMaxResetChecks) {
    schedule(kResetCheckSeconds, [this] { reset(); });
    return;
  }
  lease_.reset();
  const linger atOnce{1, 0};
  setsockopt(g_socket_get_fd(socket), SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
  g_socket_close(socket, nullptr);
  g_autoptr(GIOStream) stream = soup_server_message_steal_connection(message_);
}

void ReplySender::spill() {
  schedule(0, [this] {
    std::string rest;
    while (!body_.atEnd()) {
      rest += body_.next(kPieceSize).view();
    }
    auto* leftover =
        new Leftover{soup_server_message_steal_connection(message_), Bytes::take(std::move(rest))};
    const std::string_view bytes = leftover->bytes.view();
    g_output_stream_write_all_async(g_io_stream_get_output_stream(leftover->stream), bytes.data(),
                                    bytes.size(), G_PRIORITY_DEFAULT, nullptr, onLeftoverWritten,
                                    leftover);
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
  static_cast<ReplySender*>(self)->close();
  return G_SOURCE_REMOVE;
}

}  // namespace kvsemulator
