// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <memory>

#include "http/body_reader.h"
#include "http/reply.h"
#include "http/request_log.h"

namespace kvsemulator {

/// Sends one reply: piece by piece as the client takes them, with the delays,
/// stalls and cuts that its Delivery asks for. Belongs to the message and dies
/// with it.
class ReplySender {
 public:
  /// `entry` is kept up to date and finished in `log` at the end.
  static void send(SoupServerMessage* message, Reply reply, std::shared_ptr<LogEntry> entry,
                   RequestLog& log);

 private:
  ReplySender(SoupServerMessage* message, Reply reply, std::shared_ptr<LogEntry> entry,
              RequestLog& log);
  ~ReplySender();

  void start();
  /// Once the latency is over: stalls, breaks off or begins the answer.
  void resume();
  void beginAnswer();
  /// Hands the next piece to libsoup, or arranges for it to be handed over
  /// later.
  void pump(bool paused);
  void appendPiece(size_t limit, bool paused);
  /// `inAnswer`: the head has been sent.
  void stall(bool inAnswer);
  void breakOff();
  void close();
  /// Once the client has received all that was sent.
  void reset();
  /// Writes the rest of the body behind the length that the head declared, then
  /// closes.
  void spill();
  void schedule(double seconds, std::function<void()> action);
  static gboolean onTimer(gpointer self);
  static gboolean onClientGone(GSocket* socket, GIOCondition condition, gpointer self);

  SoupServerMessage* message_;
  const Delivery delivery_;
  const int status_;
  BodyReader body_;
  std::shared_ptr<void> lease_;
  std::shared_ptr<LogEntry> entry_;
  RequestLog& log_;
  std::function<void()> action_;
  guint timer_ = 0;
  GSource* goneWatch_ = nullptr;
  int64_t beginUs_ = 0;
  int resetChecks_ = 0;
  bool stalled_ = false;
  bool complete_ = false;
};

}  // namespace kvsemulator
