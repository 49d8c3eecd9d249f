// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <memory>
#include <string>

#include "kvs/connection.h"
#include "kvs/json_writer.h"

namespace kvsarchive {
namespace {

/// In the words of compare_botocore.py.
const char* nameOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kSettings:
      return "settings";
    case ErrorKind::kNotAuthorized:
      return "not-authorized";
    case ErrorKind::kOpenRead:
      return "open-read";
    case ErrorKind::kDecode:
      return "decode";
    default:
      return "unexpected";
  }
}

class Answer {
 public:
  Answer() { json_.beginObject(); }

  void add(const char* name, const std::string& value) { json_.key(name).string(value); }

  int finish(const Error* error) {
    if (error != nullptr) {
      add("error", nameOf(error->kind));
      add("message", error->message);
    }
    std::puts(json_.endObject().text().c_str());
    return 0;
  }

 private:
  kvs::JsonWriter json_;
};

/// Finds out what an element with these properties would sign its requests with.
int resolve(const std::string& profile, const std::string& region) {
  const CancelToken never;
  Answer answer;
  kvs::ConnectionSettings settings;
  settings.streamName = "any";
  settings.profile = profile;
  settings.region = region;
  const auto connection = kvs::Connection::make(std::move(settings), systemClock());
  if (!connection) {
    return answer.finish(&connection.error());
  }
  const Status opened = (*connection)->open(never);
  if (!opened) {
    return answer.finish(&opened.error());
  }
  const kvs::ClientOptions& options = (*connection)->client().options();
  answer.add("region", options.region);
  answer.add("endpoint", options.controlEndpoint);
  const auto found = (*connection)->credentials().credentials(never);
  if (!found) {
    return answer.finish(&found.error());
  }
  answer.add("key", found->accessKeyId);
  return answer.finish(nullptr);
}

}  // namespace
}  // namespace kvsarchive

/// Arguments: the properties profile and aws-region; empty = not set. Prints JSON without secrets.
int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("resolve <profile> <region>\n", stderr);
    return 2;
  }
  return kvsarchive::resolve(arguments[1], arguments[2]);
}
