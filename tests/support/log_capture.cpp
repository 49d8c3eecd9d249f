// SPDX-License-Identifier: LGPL-2.1-or-later
#include "support/log_capture.h"

#include "base/guarded.h"
#include "base/log.h"

namespace kvsarchive::test {
namespace {

Guarded<std::string>& lines() {
  static Guarded<std::string> text;
  return text;
}

}  // namespace

LogCapture::LogCapture() {
  lines().lock()->clear();
  log::setSink([](log::Level, log::Area,
                  const char* message) { lines().lock()->append(message).append("\n"); },
               [](log::Level, log::Area) { return true; });
}

LogCapture::~LogCapture() { log::setSink(nullptr, nullptr); }

std::string LogCapture::text() const { return *lines().lock(); }

}  // namespace kvsarchive::test
