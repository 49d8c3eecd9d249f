// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/iot_provider.h"

#include <gtest/gtest.h>

#include "metadata_test_util.h"
#include "support/dead_listener.h"
#include "support/log_capture.h"
#include "support/temp_file.h"
#include "support/test_certificates.h"

namespace kvsarchive::aws {
namespace {

using test::always;
using test::answer;
using test::Certificate;
using test::FakeHttpServer;
using test::TempFile;

constexpr const char* kKeys =
    R"({"credentials":{"accessKeyId":"id","secretAccessKey":"key","sessionToken":"tok",)"
    R"("expiration":"2026-03-01T10:00:00Z"}})";

/// The authorities, keys and files of one fleet; making them takes time.
struct Fleet {
  const Certificate authority = test::makeAuthority();
  const Certificate devices = test::makeAuthority();
  const Certificate server = test::makeServerCertificate(authority, "IP:127.0.0.1");
  const Certificate device = test::makeClientCertificate(devices, "device-1");
  const Certificate stranger = test::makeClientCertificate(authority, "stranger");
  const TempFile ca{authority.certificatePem};
  const TempFile certificate{device.certificatePem};
  const TempFile key{device.keyPem};
  const TempFile strangersCertificate{stranger.certificatePem};
  const TempFile strangersKey{stranger.keyPem};
};

const Fleet& fleet() {
  static const Fleet one;
  return one;
}

class IotProviderTest : public testing::Test {
 protected:
  static std::unique_ptr<FakeHttpServer> serve(const std::string& bytes) {
    return std::make_unique<FakeHttpServer>(always(bytes), fleet().server.certificatePem,
                                            fleet().server.keyPem, fleet().devices.certificatePem);
  }
  static IotSettings settingsFor(const std::string& url) {
    IotSettings settings;
    settings.endpoint = url.substr(url.find("//") + 2);
    settings.certPath = fleet().certificate.path();
    settings.keyPath = fleet().key.path();
    settings.caPath = fleet().ca.path();
    settings.roleAlias = "alias_1=,@-";
    settings.thingName = "thing:1_-";
    return settings;
  }
  static std::string ask(const IotSettings& settings, const http::CurlOptions& network = {}) {
    return shown(IotProvider(network, settings).credentials(kUncancelled));
  }
};

TEST_F(IotProviderTest, ShowsItsCertificate) {
  const auto server = serve(answer(200, {}, kKeys));
  EXPECT_EQ(ask(settingsFor(server->url())), "id/key/tok until 2026-03-01T10:00:00.000Z");
  ASSERT_EQ(server->requests().size(), 1U);
  EXPECT_EQ(shown(server->requests()),
            "GET /role-aliases/alias_1=,@-/credentials [x-amzn-iot-thingname: thing:1_-]");
  EXPECT_EQ(server->requests()[0].clientName, "device-1");
}

TEST_F(IotProviderTest, WithoutThingNameAndCaFile) {
  const auto server = serve(answer(200, {}, kKeys));
  IotSettings settings = settingsFor(server->url());
  settings.thingName = "";
  settings.caPath = "";
  http::CurlOptions network;
  network.caFile = fleet().ca.path();
  EXPECT_EQ(ask(settings, network), "id/key/tok until 2026-03-01T10:00:00.000Z");
  EXPECT_EQ(shown(server->requests()), "GET /role-aliases/alias_1=,@-/credentials");
}

TEST_F(IotProviderTest, TheServerIsVerified) {
  const auto server = serve(answer(200, {}, kKeys));
  IotSettings settings = settingsFor(server->url());
  settings.caPath = fleet().certificate.path();
  EXPECT_EQ(ask(settings).substr(0, 5), "open:");
  settings = settingsFor(server->url());
  settings.endpoint.replace(0, 9, "localhost");  // not in its certificate
  EXPECT_EQ(ask(settings).substr(0, 5), "open:");
  EXPECT_TRUE(server->requests().empty());
}

TEST_F(IotProviderTest, AnUnknownDeviceIsRefused) {
  const auto server = serve(answer(200, {}, kKeys));
  IotSettings settings = settingsFor(server->url());
  settings.certPath = fleet().strangersCertificate.path();
  settings.keyPath = fleet().strangersKey.path();
  const std::string error = ask(settings);
  EXPECT_EQ(error.substr(0, 5), "open:");
  EXPECT_NE(error.find(" alert "), std::string::npos) << error;
  EXPECT_TRUE(server->requests().empty());
}

TEST_F(IotProviderTest, BadSettingsAreTold) {
  const TempFile nothing("");
  const TempFile words("topsecret, but no PEM");
  const TempFile cut("-----BEGIN PRIVATE KEY-----\ntopsecret\n-----END PRIVATE KEY-----\n");
  const TempFile locked(test::encrypted(fleet().device.keyPem, "passphrase"));
  const std::string host =
      "endpoint must be a host name without https://, such as "
      "name.credentials.iot.eu-west-1.amazonaws.com";
  const auto named = [](const char* setting, const TempFile& file, const std::string& what) {
    return std::string(setting) + " \"" + file.path() + "\" " + what;
  };
  const struct {
    std::string IotSettings::*member;
    std::string value;
    std::string expected;
  } cases[] = {
      {&IotSettings::endpoint, "", "endpoint is not set"},
      {&IotSettings::certPath, "", "cert-path is not set"},
      {&IotSettings::keyPath, "", "key-path is not set"},
      {&IotSettings::roleAlias, "", "role-aliases is not set"},
      {&IotSettings::endpoint, "https://host.example", host},
      {&IotSettings::endpoint, "host.example/path", host},
      {&IotSettings::endpoint, "host.example?query", host},
      {&IotSettings::endpoint, "user@host.example", host},
      {&IotSettings::endpoint, "host example", host},
      {&IotSettings::roleAlias, "a/b", "role-aliases \"a/b\" is not the name of a role alias"},
      {&IotSettings::roleAlias, "a b", "role-aliases \"a b\" is not the name of a role alias"},
      {&IotSettings::thingName, "a\r\nb", "iot-thing-name \"a  b\" is not the name of a thing"},
      {&IotSettings::certPath, "/nonexistent/c", "cert-path \"/nonexistent/c\" does not exist"},
      {&IotSettings::keyPath, "/nonexistent/k", "key-path \"/nonexistent/k\" does not exist"},
      {&IotSettings::caPath, "/nonexistent/a", "ca-path \"/nonexistent/a\" does not exist"},
      {&IotSettings::caPath, "/tmp", "ca-path \"/tmp\" can't be read: it is not a regular file"},
      {&IotSettings::certPath, words.path(),
       named("cert-path", words, "has no PEM certificate in it")},
      {&IotSettings::certPath, fleet().key.path(),
       named("cert-path", fleet().key, "has no PEM certificate in it")},
      {&IotSettings::keyPath, words.path(),
       named("key-path", words, "has no PEM private key in it")},
      {&IotSettings::keyPath, cut.path(), named("key-path", cut, "has no PEM private key in it")},
      {&IotSettings::keyPath, nothing.path(),
       named("key-path", nothing, "has no PEM private key in it")},
      {&IotSettings::keyPath, locked.path(),
       named("key-path", locked, "is encrypted: store the key without a passphrase")},
      {&IotSettings::keyPath, fleet().strangersKey.path(),
       named("key-path", fleet().strangersKey,
             "is not the key of the certificate \"" + std::string(fleet().certificate.path()) +
                 "\"")},
      {&IotSettings::caPath, words.path(), named("ca-path", words, "has no PEM certificate in it")},
  };
  const auto server = serve(answer(200, {}, kKeys));
  for (const auto& c : cases) {
    IotSettings settings = settingsFor(server->url());
    settings.*c.member = c.value;
    EXPECT_EQ(ask(settings), "settings: iot-certificate: " + c.expected);
  }
  EXPECT_EQ(server->connectionCount(), 0U);
}

TEST_F(IotProviderTest, ReadsItsAnswers) {
  const std::string unusable =
      "decode: the credentials from the AWS IoT credentials endpoint can't be used: ";
  const std::string refuses = "unauthorized: the AWS IoT credentials endpoint refuses: status ";
  const struct {
    int status;
    std::string body;
    std::string expected;
  } cases[] = {
      {403, R"({"message":"Invalid thing name passed"})",
       refuses + "403: Invalid thing name passed"},
      {404, "", refuses + "404"},
      {301, "", "open: the AWS IoT credentials endpoint fails: status 301"},
      {200, "topsecret", unusable + "the answer is not valid JSON"},
      {200, "{}", unusable + "credentials in the answer is missing"},
      {200, R"({"credentials":"topsecret"})",
       unusable + "credentials in the answer is not an object"},
      {200, R"({"credentials":{"accessKeyId":"i","secretAccessKey":"topsecret"}})",
       unusable + "credentials.sessionToken in the answer is missing"},
      {200, R"({"credentials":{"secretAccessKey":"topsecret"}})",
       unusable + "credentials.accessKeyId in the answer is missing"},
  };
  for (const auto& c : cases) {
    const auto server = serve(answer(c.status, {}, c.body));
    EXPECT_EQ(ask(settingsFor(server->url())), c.expected) << c.body;
  }
}

TEST_F(IotProviderTest, MakesThreeAttempts) {
  const auto server = serve(answer(503, {}, ""));
  EXPECT_EQ(ask(settingsFor(server->url())),
            "open: the AWS IoT credentials endpoint fails: status 503");
  EXPECT_EQ(server->requests().size(), 3U);
}

TEST_F(IotProviderTest, TimesOutAsSet) {
  const test::DeadListener full(test::DeadListener::Queue::kFull);
  IotSettings settings = settingsFor(full.url());
  settings.connectionTimeout = std::chrono::milliseconds(100);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(settings).substr(0, 57),
            "open: the AWS IoT credentials endpoint can't be asked: no");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(6));  // 3 s thrice

  FakeHttpServer server(
      [](const test::ReceivedRequest&, test::ServerConnection& connection) {
        connection.stall();
        connection.close();
      },
      fleet().server.certificatePem, fleet().server.keyPem);
  settings = settingsFor(server.url());
  settings.completionTimeout = std::chrono::milliseconds(100);
  const std::string error = ask(settings);
  EXPECT_NE(error.find("no byte came for 100 ms"), std::string::npos) << error;
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(IotProviderTest, LogsNoSecrets) {
  const test::LogCapture log;
  const auto server =
      serve(answer(200, {},
                   R"({"credentials":{"accessKeyId":"id","secretAccessKey":"topsecret-k",)"
                   R"("sessionToken":"topsecret-t","expiration":"2026-03-01T10:00:00Z"}})"));
  EXPECT_EQ(ask(settingsFor(server->url())).substr(0, 5), "id/to");
  EXPECT_NE(log.text().find("GET /role-aliases/"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find("topsecret"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find(fleet().device.keyPem.substr(30, 40)), std::string::npos);
}

}  // namespace
}  // namespace kvsarchive::aws
