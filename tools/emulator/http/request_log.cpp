// SPDX-License-Identifier: LGPL-2.1-or-later
#include "http/request_log.h"

#include "base/json_writer.h"
#include "base/wall_clock.h"

namespace kvsemulator {
namespace {

constexpr size_t kMaxEntries = 20'000;

std::string shortLine(const LogEntry& entry) {
  std::string line = formatIso8601(entry.timeMs) + " #" + std::to_string(entry.connection) + " " +
                     entry.operation + " " + entry.stream + " " + std::to_string(entry.status);
  if (!entry.errorCode.empty()) {
    line += " " + entry.errorCode;
  }
  if (entry.maxResults > 0) {
    line += " MaxResults=" + std::to_string(entry.maxResults);
  }
  if (!entry.fragments.empty()) {
    line += " fragments=" + std::to_string(entry.fragments.size());
  }
  line += " bytes=" + std::to_string(entry.bytes) + (entry.complete ? "" : " incomplete");
  for (const std::string& fault : entry.faults) {
    line += " fault=" + fault;
  }
  return line;
}

void writeTexts(JsonWriter& json, const char* key, const std::vector<std::string>& texts) {
  json.key(key).beginArray();
  for (const std::string& text : texts) {
    json.text(text);
  }
  json.endArray();
}

}  // namespace

std::string toJson(const LogEntry& entry) {
  JsonWriter json;
  json.beginObject();
  json.key("time").text(formatIso8601(entry.timeMs));
  json.key("connection").integer(static_cast<int64_t>(entry.connection));
  json.key("operation").text(entry.operation);
  json.key("stream").text(entry.stream);
  json.key("status").integer(entry.status);
  json.key("errorCode").text(entry.errorCode);
  json.key("maxResults").integer(entry.maxResults);
  json.key("fragmentCount").integer(static_cast<int64_t>(entry.fragments.size()));
  writeTexts(json, "fragments", entry.fragments);
  writeTexts(json, "faults", entry.faults);
  json.key("bytes").integer(static_cast<int64_t>(entry.bytes));
  json.key("complete").boolean(entry.complete);
  json.key("finished").boolean(entry.finished);
  return json.endObject().take();
}

RequestLog::~RequestLog() {
  if (file_) {
    std::fclose(file_);
  }
}

bool RequestLog::openFile(const std::string& path) {
  file_ = std::fopen(path.c_str(), "w");
  return file_ != nullptr;
}

void RequestLog::begin(const std::shared_ptr<LogEntry>& entry) {
  entry->listed = true;
  entries_.push_back(entry);
  if (entries_.size() > kMaxEntries) {
    entries_.pop_front();
  }
}

void RequestLog::finish(LogEntry& entry) {
  entry.finished = true;
  if (!entry.listed) {
    return;
  }
  if (file_) {
    std::fprintf(file_, "%s\n", toJson(entry).c_str());
    std::fflush(file_);
  } else {
    std::fprintf(stderr, "%s\n", shortLine(entry).c_str());
  }
}

}  // namespace kvsemulator
