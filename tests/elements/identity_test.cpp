// SPDX-License-Identifier: LGPL-2.1-or-later
// Where credentials come from: each source plays a recording with the keys that it gives, and what
// is set up wrongly is told, once, before any request to the service.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>

#include "support/aws_sources.h"
#include "support/emulator_process.h"
#include "support/expectation.h"
#include "support/player.h"

namespace kvsarchive::test {
namespace {

const char* const kConfig = R"({"region": "eu-west-1", "streams": [{"name": "cam1", "recordings": [
    {"type": "generated", "width": 64, "height": 64, "fragments": 3, "fragment-duration": 1,
     "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})";

class Identity : public testing::Test {
 protected:
  static void SetUpTestSuite() { emulator_ = std::make_unique<EmulatorProcess>(kConfig); }
  static void TearDownTestSuite() { emulator_.reset(); }
  void SetUp() override {
    emulator_->change("credentials", accepted({kGivenKey}));
    emulator_->forgetRequests();
  }

  /// An element without keys and region.
  static GstElement* makeBare() {
    GstElement* source = makeSource(emulator_->url(), "cam1");
    g_object_set(source, "access-key", nullptr, "secret-key", nullptr, "aws-region", nullptr,
                 "retries", 0, nullptr);
    return source;
  }
  static GstElement* makeInRegion() {
    GstElement* source = makeBare();
    g_object_set(source, "aws-region", kRegion, nullptr);
    return source;
  }

  static void expectPlays(GstElement* source, const std::string& name) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, name);
    const Played played = play(source);
    EXPECT_TRUE(played.eos) << (played.error ? played.error->message : "no end");
    EXPECT_TRUE(played.warnings.empty());
    expectPlayed(emulator_->manifest("cam1"), played);
  }

  /// Plays, and expects to be told `text`, with nothing sent to the service.
  static void expectError(GstElement* source, int code, const std::string& text) {
    const testing::ScopedTrace trace(__FILE__, __LINE__, text);
    const Played played = play(source);
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.errors.size(), 1U);
    EXPECT_EQ(played.error->domain, "gst-resource-error-quark");
    EXPECT_EQ(played.error->code, code);
    EXPECT_NE(played.error->message.find(text), std::string::npos) << played.error->message;
    const std::string all = played.error->message + played.error->debug;
    for (const char* secret : {"secret-of", "token-of"}) {
      EXPECT_EQ(all.find(secret), std::string::npos) << all;
    }
    EXPECT_TRUE(emulator_->requests().empty());
  }

  inline static std::unique_ptr<const EmulatorProcess> emulator_;
};

TEST_F(Identity, EachSourcePlaysWithTheKeysThatItGives) {
  for (const AwsSource& source : awsSources()) {
    AwsScene scene;
    GstElement* element = makeBare();
    source.setUp(scene, element);
    expectPlays(element, source.name);
    scene.check();
  }
}

TEST_F(Identity, ThePropertiesKeysGoBeforeAllSources) {
  emulator_->change("credentials", accepted({"AKIDPROPERTY"}));
  for (const AwsSource& source : awsSources()) {
    AwsScene scene;
    GstElement* element = makeBare();
    source.setUp(scene, element);
    g_object_set(element, "access-key", "AKIDPROPERTY", "secret-key",
                 secretOf("AKIDPROPERTY").c_str(), nullptr);
    expectPlays(element, source.name);
  }
}

TEST_F(Identity, ACredentialFileMayHaveLongTermKeys) {
  emulator_->change("credentials", accepted({"AKIDFILE"}));
  AwsScene scene;
  GstElement* element = makeInRegion();
  const std::string path = scene.file("CREDENTIALS AKIDFILE " + secretOf("AKIDFILE") + "\n");
  g_object_set(element, "credential-path", path.c_str(), nullptr);
  expectPlays(element, "credential-path");
}

TEST_F(Identity, TheCertificateGoesBeforeTheCredentialFile) {
  AwsScene scene;
  GstElement* element = makeBare();
  const auto& sources = awsSources();
  const auto certificate = std::find_if(sources.begin(), sources.end(), [](const auto& source) {
    return source.name == std::string("IoT device");
  });
  ASSERT_NE(certificate, sources.end());
  certificate->setUp(scene, element);
  const std::string path = scene.file("CREDENTIALS AKIDFILE " + secretOf("AKIDFILE") + "\n");
  g_object_set(element, "credential-path", path.c_str(), nullptr);
  expectPlays(element, "IoT device");
  scene.check();
}

TEST_F(Identity, CredentialsCanBeTakenAway) {
  AwsScene scene;
  scene.setVariable("AWS_ACCESS_KEY_ID", kGivenKey);
  scene.setVariable("AWS_SECRET_ACCESS_KEY", secretOf(kGivenKey));
  scene.setVariable("AWS_SESSION_TOKEN", tokenOf(kGivenKey));
  GstElement* element = makeInRegion();
  gst_util_set_object_arg(G_OBJECT(element), "credentials",
                          "credentials,access-key=AKIDOTHER,secret-key=secret-of-AKIDOTHER");
  g_object_set(element, "credentials", nullptr, nullptr);
  expectPlays(element, "environment");
}

TEST_F(Identity, TheProfilesEndpointAndRegionCount) {
  AwsScene scene;
  scene.writeConfig("[default]\nregion = eu-west-1\nservices = local\n[services local]\n" +
                    std::string("kinesis_video =\n  endpoint_url = ") + emulator_->url() + "\n");
  scene.writeCredentials(std::string("[default]\naws_access_key_id = ") + kGivenKey +
                         "\naws_secret_access_key = " + secretOf(kGivenKey) +
                         "\naws_session_token = " + tokenOf(kGivenKey) + "\n");
  GstElement* element = makeBare();
  g_object_set(element, "endpoint-url", nullptr, nullptr);
  expectPlays(element, "default profile");
}

/// The state changes at once, and the instance is asked by the streaming thread.
TEST_F(Identity, TheRegionIsAskedForBesideTheApplication) {
  AwsScene scene;
  std::atomic<bool> mayAnswer{false};
  FakeHttpServer& imds = scene.serve([&](const ReceivedRequest&, ServerConnection& connection) {
    while (!mayAnswer) {
      g_usleep(1000);
    }
    connection.write(answer(200, {}, kRegion));
  });
  scene.setMetadataService(imds.url());
  scene.setVariable("AWS_METADATA_SERVICE_TIMEOUT", "60");
  GstElement* pipeline = gst_pipeline_new(nullptr);
  GstElement* element = makeBare();
  GstElement* sink = gst_element_factory_make("fakesink", nullptr);
  g_object_set(element, "access-key", "AKIDPROPERTY", "secret-key",
               secretOf("AKIDPROPERTY").c_str(), nullptr);
  emulator_->change("credentials", accepted({"AKIDPROPERTY"}));
  gst_bin_add_many(GST_BIN(pipeline), element, sink, nullptr);
  gst_element_link(element, sink);
  EXPECT_EQ(gst_element_set_state(pipeline, GST_STATE_PAUSED), GST_STATE_CHANGE_ASYNC);
  EXPECT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, GST_SECOND / 10),
            GST_STATE_CHANGE_ASYNC);
  EXPECT_TRUE(emulator_->requests().empty());
  mayAnswer = true;
  EXPECT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
            GST_STATE_CHANGE_SUCCESS);
  EXPECT_FALSE(emulator_->requests().empty());
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(pipeline);
}

TEST_F(Identity, ProfilesThatCanNotBeUsedAreTold) {
  const std::string half = "[half]\naws_access_key_id = AKIDHALF\n";
  const std::string otherHalf = "[half]\naws_secret_access_key = secret-of-AKIDHALF\n";
  const struct {
    const char* profile;
    std::string config;
    std::string credentials;
    const char* text;
  } cases[] = {
      {"missing", "", "", R"(the AWS profile "missing" ()"},
      {"half", "", half, "aws_secret_access_key"},
      {"half", "", otherHalf, "aws_access_key_id"},
      {"circle",
       "[profile circle]\nrole_arn = arn:x\nsource_profile = back\n"
       "[profile back]\nrole_arn = arn:x\nsource_profile = circle\n",
       "", "circle"},
      {"token",
       "[profile token]\nrole_arn = arn:aws:iam::1:role/x\nmfa_serial = 1\n"
       "source_profile = half\n",
       half, "mfa_serial"},
      {"gone", "[profile gone]\ncredential_process = /nowhere/program\n", "", "was not found"},
  };
  for (const auto& c : cases) {
    AwsScene scene;
    scene.writeConfig(c.config);
    scene.writeCredentials(c.credentials);
    GstElement* element = makeInRegion();
    g_object_set(element, "profile", c.profile, nullptr);
    expectError(element, GST_RESOURCE_ERROR_SETTINGS, c.text);
    scene.setVariable("AWS_PROFILE", c.profile);
    expectError(makeInRegion(), GST_RESOURCE_ERROR_SETTINGS, c.text);
  }
}

TEST_F(Identity, StructuresThatCanNotBeUsedAreTold) {
  const AwsScene scene;
  const std::string iot =
      "iot-certificate,endpoint=x.example,cert-path=/nowhere/c,key-path=/n/k,"
      "ca-path=/n/a,role-aliases=r";
  const struct {
    const char* property;
    std::string structure;
    std::string text;
  } cases[] = {
      {"credentials", "c,access-key=AKID", "credentials: the field secret-key is missing"},
      {"credentials", "c,secret-key=secret-of-a", "credentials: the field access-key is missing"},
      {"credentials", "c,access-key=(string)\"\",secret-key=secret-of-a", "access-key is missing"},
      {"credentials", "c,access-key=AKID,secret-key=secret-of-a,token=token-of-a",
       R"(credentials: there is no field "token")"},
      {"credentials", "c,access-key=AKID,secret-key=(boolean)true", "secret-key is no string"},
      {"credentials", "c,access-key=AKID,secret-key={secret-of-a}", "secret-key is no string"},
      {"credentials", "c,access-key=AKID,secret-key=17", "secret-key is no string"},
      {"iot-certificate", iot + ",certificate=x", R"(iot-certificate: there is no field "cert)"},
      {"iot-certificate", iot + ",iot-thing-name=(double)1.5", "iot-thing-name is no string"},
      {"iot-certificate", iot + ",connection-timeout=0", "connection-timeout is not a number"},
      {"iot-certificate", iot + ",connection-timeout=86401", "connection-timeout is not a number"},
      {"iot-certificate", iot + ",completion-timeout=soon", "completion-timeout is not a number"},
      {"iot-certificate", iot + ",completion-timeout=-3", "completion-timeout is not a number"},
      {"iot-certificate", iot + ",iot-thing-name=(string)\"a b\"", R"(iot-thing-name "a b")"},
      {"iot-certificate", "iot-certificate", "iot-certificate: endpoint is not set"},
      {"iot-certificate", "iot-certificate,endpoint=x.example", "cert-path is not set"},
      {"iot-certificate",
       "iot-certificate,endpoint=https://x.example,cert-path=/n/c,key-path=/n/k,"
       "role-aliases=r",
       "endpoint must be a host name"},
      {"iot-certificate", iot, R"(iot-certificate: cert-path)"},
  };
  for (const auto& c : cases) {
    GstElement* element = makeInRegion();
    g_autoptr(GstStructure) structure = gst_structure_from_string(c.structure.c_str(), nullptr);
    ASSERT_NE(structure, nullptr) << c.structure;
    g_object_set(element, c.property, structure, nullptr);
    expectError(element, GST_RESOURCE_ERROR_SETTINGS, c.text);
  }
}

TEST_F(Identity, GoodStructuresReplaceBadOnes) {
  const AwsScene scene;
  GstElement* element = makeInRegion();
  gst_util_set_object_arg(G_OBJECT(element), "iot-certificate", "iot-certificate,bad=1");
  g_object_set(element, "iot-certificate", nullptr, nullptr);
  gst_util_set_object_arg(G_OBJECT(element), "credentials", "credentials,bad=1");
  const std::string good = std::string("credentials,access-key=") + kGivenKey +
                           ",secret-key=" + secretOf(kGivenKey) +
                           ",session-token=" + tokenOf(kGivenKey);
  gst_util_set_object_arg(G_OBJECT(element), "credentials", good.c_str());
  expectPlays(element, good);
}

TEST_F(Identity, FilesOfTheElementThatCanNotBeUsedAreTold) {
  AwsScene scene;
  for (const auto& [content, text] :
       {std::pair("CREDENTIALS AKID", "is neither"), std::pair("secret-of-x token-of-x", "neither"),
        std::pair("CREDENTIALS AKID later secret-of-x token-of-x", "expiration")}) {
    GstElement* element = makeInRegion();
    g_object_set(element, "credential-path", scene.file(content).c_str(), nullptr);
    expectError(element, GST_RESOURCE_ERROR_NOT_AUTHORIZED, text);
  }
  GstElement* element = makeInRegion();
  g_object_set(element, "credential-path", "/nowhere/credential", nullptr);
  expectError(element, GST_RESOURCE_ERROR_SETTINGS, R"("/nowhere/credential")");
}

TEST_F(Identity, WhenNothingIsFoundAllThatWasTriedIsTold) {
  AwsScene scene;
  expectError(makeInRegion(), GST_RESOURCE_ERROR_NOT_AUTHORIZED, "no AWS credentials found (");
  FakeHttpServer& imds = scene.serve(always(answer(404, {}, "token-of-nobody")));
  scene.setMetadataService(imds.url());
  scene.writeConfig("[default]\nregion = eu-west-1\n");
  const Played played = play(makeInRegion());
  ASSERT_TRUE(played.error);
  EXPECT_EQ(played.error->code, GST_RESOURCE_ERROR_NOT_AUTHORIZED);
  for (const char* text :
       {"access-key and secret-key are not set", "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE is not set", "profile \"default\"",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI are not set", "no IAM role is attached"}) {
    EXPECT_NE(played.error->message.find(text), std::string::npos) << played.error->message;
  }
  EXPECT_EQ(played.error->message.find("token-of-nobody"), std::string::npos);
  EXPECT_TRUE(emulator_->requests().empty());
}

/// A source that is set up and answers nonsense is not passed over for the next.
TEST_F(Identity, SourcesThatAnswerNonsenseAreTold) {
  const struct {
    std::string bytes;
    int code;
    const char* text;
  } cases[] = {
      {answer(200, {}, "{\"AccessKeyId\": \"secret-of-a"), GST_RESOURCE_ERROR_NOT_AUTHORIZED,
       "the container credentials endpoint"},
      {answer(200, {}, R"({"AccessKeyId": "AKID", "Token": "token-of-a"})"),
       GST_RESOURCE_ERROR_NOT_AUTHORIZED, "the container credentials endpoint"},
      {answer(403, {}, R"({"code": "AccessDenied", "message": "no"})"),
       GST_RESOURCE_ERROR_NOT_AUTHORIZED, "status 403, AccessDenied: no"},
      {answer(500, {}, ""), GST_RESOURCE_ERROR_OPEN_READ, "status 500"},
  };
  for (const auto& c : cases) {
    AwsScene scene;
    const FakeHttpServer& server = scene.serve(always(c.bytes));
    scene.setVariable("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url());
    expectError(makeInRegion(), c.code, c.text);
  }
}

}  // namespace
}  // namespace kvsarchive::test
