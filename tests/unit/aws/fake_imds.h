// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "support/fake_http_server.h"

namespace kvsarchive::aws {

/// What a metadata service answers, by "PUT /latest/api/token"; anything else is not found. An
/// empty answer closes the connection; it may also stall.
class FakeImds {
 public:
  static constexpr const char* kStall = "stall";

  explicit FakeImds(std::map<std::string, std::string> answers)
      : answers_(std::move(answers)),
        server_([this](const test::ReceivedRequest& request, test::ServerConnection& connection) {
          const auto found = answers_.find(request.method + " " + request.target);
          const std::string bytes =
              found == answers_.end() ? test::answer(404, {}, "<html>404</html>") : found->second;
          if (bytes == kStall) {
            connection.stall();
          }
          if (bytes.empty() || bytes == kStall) {
            connection.close();
          } else {
            connection.write(bytes);
          }
        }) {}

  std::string url() const { return server_.url(); }
  std::vector<test::ReceivedRequest> requests() const { return server_.requests(); }

 private:
  const std::map<std::string, std::string> answers_;
  test::FakeHttpServer server_;
};

inline std::string ok(const std::string& body) { return test::answer(200, {}, body); }
inline std::string status(int code) { return test::answer(code, {}, ""); }

}  // namespace kvsarchive::aws
