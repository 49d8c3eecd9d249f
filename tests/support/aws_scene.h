// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "support/aws_home.h"
#include "support/fake_http_server.h"
#include "support/scoped_env.h"
#include "support/temp_file.h"

namespace kvsarchive::test {

/// Keys of that name: "secret-of-ID", "token-of-ID".
std::string secretOf(const std::string& id);
std::string tokenOf(const std::string& id);

/// What the emulator's `credentials` takes: these keys are accepted, with their tokens or, if the
/// name begins with AKID, without.
std::string accepted(const std::vector<std::string>& ids);

/// What metadata services, containers and credential_process give.
std::string keysJson(const std::string& id, const std::string& expiration = "2100-01-01T00:00:00Z");

/// Environment, files and servers around elements, while it lives. At first nothing of AWS's is set
/// up, not even the machine's own metadata service or proxy.
class AwsScene {
 public:
  AwsScene();
  ~AwsScene();
  AwsScene(const AwsScene&) = delete;
  AwsScene& operator=(const AwsScene&) = delete;

  /// Null unsets it.
  void setVariable(const char* name, const char* value);
  void setVariable(const char* name, const std::string& value) { setVariable(name, value.c_str()); }
  /// Allows the metadata service, which is only there.
  void setMetadataService(const std::string& url);

  void writeConfig(const std::string& text) const { home_.write(".aws/config", text); }
  void writeCredentials(const std::string& text) const { home_.write(".aws/credentials", text); }
  const AwsHome& home() const { return home_; }

  FakeHttpServer& serve(Handler handler);
  FakeHttpServer& serveTls(Handler handler, const std::string& certificate, const std::string& key,
                           const std::string& clientAuthority = {});
  /// The path of a file with that content.
  std::string file(const std::string& content);

  /// What must be nowhere but in requests.
  std::vector<std::string> secrets;
  /// Looks at what was asked for, once all has been played.
  std::function<void()> check = [] {};

 private:
  const AwsHome home_{"", ""};
  std::list<ScopedEnv> variables_;
  std::list<TempFile> files_;
  std::list<FakeHttpServer> servers_;
};

}  // namespace kvsarchive::test
