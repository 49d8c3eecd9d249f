// SPDX-License-Identifier: LGPL-2.1-or-later
// TLS is always verified, by the authorities that the user names; proxies see only what they may.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/aws_sources.h"
#include "support/dead_listener.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/forward_proxy.h"
#include "support/player.h"
#include "support/test_certificates.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"region": "eu-west-1", "streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 3, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";
constexpr const char* kPassword = "very-secret-password";

int portOf(const std::string& url) { return std::stoi(url.substr(url.rfind(':') + 1)); }

/// What all tests of TLS share, since making it takes time.
struct TlsEmulator {
  const Certificate authority = makeAuthority();
  const Certificate stranger = makeAuthority("Another authority");
  const Certificate server = makeServerCertificate(authority, "IP:127.0.0.1,DNS:kvs.invalid");
  const TempFile ca{authority.certificatePem};
  const TempFile otherCa{stranger.certificatePem};
  const TempFile certificate{server.certificatePem};
  const TempFile key{server.keyPem};
  const EmulatorProcess emulator{kConfig,
                                 {"--tls-cert", certificate.path(), "--tls-key", key.path()}};
};

class Network : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    plain_ = new EmulatorProcess(kConfig);
    tls_ = new TlsEmulator;
  }
  static void TearDownTestSuite() {
    delete plain_;
    delete tls_;
    plain_ = nullptr;
    tls_ = nullptr;
  }
  void SetUp() override {
    plain_->forgetRequests();
    tls_->emulator.forgetRequests();
  }

  static GstElement* makeFor(const std::string& url) {
    GstElement* source = makeSource(url, "cam1");
    g_object_set(source, "aws-region", kRegion, "retries", 0, "connection-timeout", 20, nullptr);
    return source;
  }
  static GstElement* makeTls() { return makeFor(tls_->emulator.url()); }

  static void expectPlays(GstElement* source, const std::string& name) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, name);
    const Played played = play(source);
    EXPECT_TRUE(played.eos) << (played.error ? played.error->message : "no end");
    expectPlayed(plain_->manifest("cam1"), played);
  }

  static PlayedError expectError(GstElement* source, int code, const std::string& text) {
    const Played played = play(source);
    EXPECT_TRUE(played.error) << text;
    if (!played.error) {
      return {};
    }
    EXPECT_EQ(played.errors.size(), 1U) << text;
    EXPECT_EQ(played.error->domain, "gst-resource-error-quark") << text;
    EXPECT_EQ(played.error->code, code) << text;
    EXPECT_NE(played.error->message.find(text), std::string::npos) << played.error->message;
    return *played.error;
  }

  static void expectRefused(GstElement* source) {
    expectError(source, GST_RESOURCE_ERROR_OPEN_READ, "SSL certificate problem");
    EXPECT_TRUE(tls_->emulator.requests().empty());
  }

  void writeBundle(const char* path) const {
    scene_.writeConfig(std::string("[default]\nca_bundle = ") + path + "\n");
  }

  AwsScene scene_;
  static const EmulatorProcess* plain_;
  static const TlsEmulator* tls_;
};

const EmulatorProcess* Network::plain_ = nullptr;
const TlsEmulator* Network::tls_ = nullptr;

TEST_F(Network, OnlyTheUsersAuthoritiesAreTrusted) {
  expectRefused(makeTls());  // the system does not know it
  writeBundle(tls_->otherCa.path());
  expectRefused(makeTls());
  writeBundle(tls_->ca.path());
  expectPlays(makeTls(), "ca_bundle");
  tls_->emulator.forgetRequests();

  scene_.setVariable("AWS_CA_BUNDLE", tls_->otherCa.path());
  expectRefused(makeTls());
  writeBundle(tls_->otherCa.path());
  scene_.setVariable("AWS_CA_BUNDLE", tls_->ca.path());
  expectPlays(makeTls(), "AWS_CA_BUNDLE");
  tls_->emulator.forgetRequests();

  GstElement* source = makeTls();
  g_object_set(source, "ssl-ca-file", tls_->otherCa.path(), nullptr);
  expectRefused(source);
  scene_.setVariable("AWS_CA_BUNDLE", tls_->otherCa.path());
  source = makeTls();
  g_object_set(source, "ssl-ca-file", tls_->ca.path(), nullptr);
  expectPlays(source, "ssl-ca-file");
}

TEST_F(Network, AnotherHostsCertificateIsRefused) {
  scene_.setVariable("AWS_CA_BUNDLE", tls_->ca.path());
  const std::string url = "https://localhost:" + std::to_string(portOf(tls_->emulator.url()));
  expectError(makeFor(url), GST_RESOURCE_ERROR_OPEN_READ, "subject name");
  EXPECT_TRUE(tls_->emulator.requests().empty());
}

TEST_F(Network, AuthoritiesThatCanNotBeReadAreTold) {
  for (const char* path : {"/nowhere/ca.pem", "/tmp"}) {
    writeBundle(path);
    expectError(makeTls(), GST_RESOURCE_ERROR_SETTINGS, "ca_bundle");
    scene_.setVariable("AWS_CA_BUNDLE", path);
    expectError(makeTls(), GST_RESOURCE_ERROR_SETTINGS, "AWS_CA_BUNDLE");
    scene_.setVariable("AWS_CA_BUNDLE", nullptr);
  }
}

TEST_F(Network, NoPropertyIsAboutVerification) {
  GstElement* source = GST_ELEMENT(gst_object_ref_sink(makeTls()));
  guint count = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(source), &count);
  std::set<std::string> found;
  for (guint i = 0; i < count; ++i) {
    for (const char* word : {"ssl", "tls", "verif", "strict", "insecure", "cert", "trust", "ca-"}) {
      if (g_strstr_len(specs[i]->name, -1, word) != nullptr) {
        found.insert(specs[i]->name);
      }
    }
  }
  EXPECT_EQ(found, (std::set<std::string>{"iot-certificate", "ssl-ca-file"}));
  gst_object_unref(source);
}

TEST_F(Network, PlainHttpGoesThroughTheProxy) {
  const ForwardProxy proxy(portOf(plain_->url()), kPassword);
  GstElement* source = makeFor("http://kvs.invalid");
  g_object_set(source, "proxy", proxy.url().c_str(), "proxy-id", "user", "proxy-pw", kPassword,
               nullptr);
  expectPlays(source, "property");
  EXPECT_EQ(proxy.hosts(), "kvs.invalid");
  EXPECT_EQ(proxy.requests().size(), plain_->requests().size());

  const std::string url = "http://user:" + std::string(kPassword) + "@" + proxy.url().substr(7);
  source = makeFor("http://kvs.invalid");
  g_object_set(source, "proxy", url.c_str(), nullptr);
  expectPlays(source, "password in the property");
  scene_.setVariable("http_proxy", url);
  expectPlays(makeFor("http://kvs.invalid"), "password in the environment");
}

TEST_F(Network, ThePasswordInAProxysUrlCanNotBeRead) {
  GstElement* source = GST_ELEMENT(gst_object_ref_sink(makeTls()));
  for (const auto& [set, read] :
       {std::pair("http://user:pass@proxy:3128", "http://proxy:3128"),
        std::pair("user:p@ss@proxy:3128", "proxy:3128"),
        std::pair("http://user:a//b@proxy", "http://proxy"), std::pair("http://p", "http://p")}) {
    for (const char* name : {"proxy", "endpoint-url"}) {
      g_object_set(source, name, set, nullptr);
      g_autofree gchar* value = nullptr;
      g_object_get(source, name, &value, nullptr);
      EXPECT_STREQ(value, read) << name;
    }
  }
  gst_object_unref(source);
}

TEST_F(Network, HttpsGoesThroughATunnel) {
  const ForwardProxy proxy(portOf(tls_->emulator.url()), kPassword);
  scene_.setVariable("AWS_CA_BUNDLE", tls_->ca.path());
  const std::string url = "http://user:" + std::string(kPassword) + "@" + proxy.url().substr(7);
  for (const char* variable : {"HTTPS_PROXY", "https_proxy"}) {
    scene_.setVariable(variable, url);
    expectPlays(makeFor("https://kvs.invalid"), variable);
    scene_.setVariable(variable, nullptr);
  }
  EXPECT_EQ(proxy.hosts(), "kvs.invalid:443");
  for (const ReceivedRequest& request : proxy.requests()) {
    EXPECT_EQ(request.method, "CONNECT");
    EXPECT_EQ(request.header("Authorization"), "");
    EXPECT_EQ(request.header("X-Amz-Date"), "");
  }
  tls_->emulator.forgetRequests();
  scene_.setVariable("HTTPS_PROXY", url);
  scene_.setVariable("AWS_CA_BUNDLE", tls_->otherCa.path());
  expectRefused(makeFor("https://kvs.invalid"));
}

TEST_F(Network, HostsOfNoProxyAreAskedDirectly) {
  const ForwardProxy proxy(portOf(plain_->url()));
  for (const char* variable : {"NO_PROXY", "no_proxy"}) {
    scene_.setVariable(variable, "example.com,127.0.0.1");
    scene_.setVariable("http_proxy", proxy.url());
    expectPlays(makeFor(plain_->url()), variable);
    GstElement* source = makeFor(plain_->url());
    g_object_set(source, "proxy", proxy.url().c_str(), nullptr);
    expectPlays(source, variable);
    EXPECT_EQ(proxy.hosts(), "");
    scene_.setVariable(variable, nullptr);
  }
  expectPlays(makeFor(plain_->url()), "through it");
  EXPECT_EQ(proxy.hosts(), plain_->url().substr(7));
}

TEST_F(Network, AProxyThatRefusesIsToldWithoutThePassword) {
  const ForwardProxy proxy(portOf(plain_->url()), "another-one");
  for (const auto& [url, code] :
       {std::pair("http://kvs.invalid", GST_RESOURCE_ERROR_NOT_AUTHORIZED),
        std::pair("https://kvs.invalid", GST_RESOURCE_ERROR_OPEN_READ)}) {
    GstElement* source = makeFor(url);
    g_object_set(source, "proxy", proxy.url().c_str(), "proxy-id", "user", "proxy-pw", kPassword,
                 nullptr);
    const PlayedError error = expectError(source, code, "407");
    EXPECT_EQ((error.message + error.debug).find(kPassword), std::string::npos);
  }
  EXPECT_TRUE(plain_->requests().empty());
}

/// Only the services of AWS are asked through a proxy, not those of the machine's own network.
TEST_F(Network, MetadataIsNeverAskedForThroughAProxy) {
  plain_->change("credentials", accepted({kGivenKey}));
  for (const AwsSource& given : awsSources()) {
    const std::string name = given.name;
    AwsScene scene;
    const ForwardProxy proxy(portOf(plain_->url()));
    GstElement* source = makeFor("http://kvs.invalid");
    g_object_set(source, "access-key", nullptr, "secret-key", nullptr, "aws-region", nullptr,
                 "proxy", proxy.url().c_str(), nullptr);
    given.setUp(scene, source);
    for (const char* variable : {"http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"}) {
      scene.setVariable(variable, proxy.url());
    }
    expectPlays(source, name);
    scene.check();
    const bool asksAws =
        name == "role chain" || name == "web identity" || name == "SSO" || name == "IoT device";
    EXPECT_EQ(proxy.hosts() != "kvs.invalid", asksAws) << name << ": " << proxy.hosts();
  }
  plain_->change("credentials", R"({"credentials": [{"access-key": "AKIDEMULATOR",
                                     "secret-key": "emulator-secret"}]})");
}

TEST_F(Network, ConnectingTakesNoLongerThanTheUserWants) {
  const DeadListener listener(DeadListener::Queue::kFull);
  GstElement* source = makeFor(listener.url());
  g_object_set(source, "connection-timeout", 1, nullptr);
  const gint64 begin = g_get_monotonic_time();
  expectError(source, GST_RESOURCE_ERROR_OPEN_READ, "Timeout was reached");
  const gint64 elapsed = g_get_monotonic_time() - begin;
  EXPECT_GE(elapsed, 1 * G_TIME_SPAN_SECOND);
  EXPECT_LT(elapsed, 5 * G_TIME_SPAN_SECOND);  // the default
}

TEST_F(Network, RequestsTellWhoAsks) {
  const FakeHttpServer& server = scene_.serve(always(answer(404, {}, "")));
  GstElement* source = makeFor(server.url());
  play(source);
  source = makeFor(server.url());
  g_object_set(source, "user-agent", "me/1", nullptr);
  play(source);
  GstPlugin* plugin = gst_registry_find_plugin(gst_registry_get(), "kvsarchive");
  const std::string version = gst_plugin_get_version(plugin);
  gst_object_unref(plugin);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].header("user-agent"), "gst-kvs-archive/" + version);
  EXPECT_EQ(requests[1].header("user-agent"), "me/1");
}

}  // namespace
}  // namespace kvsarchive::test
