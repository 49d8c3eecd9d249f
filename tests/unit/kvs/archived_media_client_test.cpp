// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/archived_media_client.h"

#include <gtest/gtest.h>

#include "aws/static_provider.h"
#include "support/fake_clock.h"
#include "support/fake_transport.h"
#include "support/log_capture.h"

namespace kvsarchive::kvs {
namespace {

using test::CannedAnswer;
using test::json;

const CancelToken kNever;
const std::string kSecret = "SECRETKEY0123456789";
const std::string kToken = "SECRETTOKEN/+==";
const char* const kEmptyPage = R"({"Fragments":[]})";

class Client : public testing::Test {
 protected:
  std::unique_ptr<ArchivedMediaClient> make(const std::string& controlEndpoint) {
    return std::make_unique<ArchivedMediaClient>(
        ClientOptions{{"cam1", ""}, "eu-west-1", controlEndpoint, {0, 0, 0}}, transport_,
        credentials_, clock_);
  }

  void answerEndpoint(const std::string& url = "https://b-1.example/base/") {
    transport_.add(json(200, R"({"DataEndpoint":")" + url + "\"}"));
  }

  Result<FragmentPage> list() {
    const auto call = client_->listFragments(
        {SelectorType::kProducerTimestamp, unixTimeFromMillis(1000), unixTimeFromMillis(2500)}, 100,
        "");
    return client_->wait(*call, kNever);
  }

  Result<std::unique_ptr<MediaBody>> media() {
    http::RetryBudget budget = client_->newRetryBudget();
    const auto call = client_->getMediaForFragmentList({"1", "2"}, 1000, budget);
    return client_->wait(*call, kNever);
  }

  test::FakeTransport transport_;
  test::FakeClock clock_{unixTimeFromMillis(1772359200000)};  // 2026-03-01T10:00:00Z
  aws::StaticProvider credentials_{{"AKID", kSecret, kToken}};
  std::unique_ptr<ArchivedMediaClient> client_ = make("https://kinesisvideo.example");
};

TEST_F(Client, SendsSignedRequestsToTheDataEndpoint) {
  answerEndpoint();
  transport_.add(json(200, R"({"Fragments":[],"NextToken":"next"})"));
  const Result<FragmentPage> page = list();
  ASSERT_TRUE(page.ok()) << page.error().message;
  EXPECT_EQ(page->nextToken, "next");

  const auto requests = transport_.requests();
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].url, "https://kinesisvideo.example/getDataEndpoint");
  EXPECT_EQ(requests[0].body, R"({"StreamName":"cam1","APIName":"LIST_FRAGMENTS"})");
  EXPECT_EQ(requests[1].url, "https://b-1.example/base/listFragments");
  EXPECT_NE(requests[1].body.find("\"EndTimestamp\":2.500"), std::string::npos);
  for (const http::Request& request : requests) {
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(http::findHeader(request.headers, "Content-Type"), "application/json");
    EXPECT_EQ(http::findHeader(request.headers, "X-Amz-Date"), "20260301T100000Z");
    EXPECT_EQ(http::findHeader(request.headers, "X-Amz-Security-Token"), kToken);
    EXPECT_NE(http::findHeader(request.headers, "Authorization")
                  .find("Credential=AKID/20260301/eu-west-1/kinesisvideo/aws4_request, "
                        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "),
              std::string::npos);
  }
  EXPECT_EQ(http::findHeader(requests[1].headers, "Host"), "b-1.example");
}

TEST_F(Client, EndpointsAreAskedOncePerApi) {
  answerEndpoint();
  transport_.add(json(200, kEmptyPage));
  transport_.add(json(200, kEmptyPage));
  EXPECT_TRUE(list().ok());
  EXPECT_TRUE(list().ok());
  EXPECT_EQ(transport_.requests().size(), 3U);
  answerEndpoint("https://b-2.example");
  transport_.add({200, {{"Content-Type", "video/webm"}}, "media", {}, {}});
  EXPECT_TRUE(media().ok());
  EXPECT_EQ(transport_.requests().back().url, "https://b-2.example/getMediaForFragmentList");
  EXPECT_EQ(*client_->wait(*client_->dataEndpoint("LIST_FRAGMENTS"), kNever),
            "https://b-1.example/base");
  EXPECT_EQ(transport_.requests().size(), 5U);
}

TEST_F(Client, ClientsCanShareWhatIsKnownOfEndpoints) {
  const auto endpoints = std::make_shared<EndpointCache>();
  const auto ask = [&] {
    ArchivedMediaClient client(
        {{"cam1", ""}, "eu-west-1", "https://kinesisvideo.example", {}, 1, nullptr, endpoints},
        transport_, credentials_, clock_);
    return *client.wait(*client.dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST"), kNever);
  };
  answerEndpoint("https://b-1.example");
  EXPECT_EQ(ask(), "https://b-1.example");
  EXPECT_EQ(ask(), "https://b-1.example");
  EXPECT_EQ(transport_.requests().size(), 1U);
  endpoints->forget("GET_MEDIA_FOR_FRAGMENT_LIST", "https://old.example");
  EXPECT_EQ(ask(), "https://b-1.example");
  endpoints->forget("GET_MEDIA_FOR_FRAGMENT_LIST", "https://b-1.example");
  answerEndpoint("https://b-2.example");
  EXPECT_EQ(ask(), "https://b-2.example");
}

TEST_F(Client, EachRequestIsSignedAnew) {
  answerEndpoint();
  transport_.add(json(200, kEmptyPage));
  transport_.add(json(200, kEmptyPage));
  EXPECT_TRUE(list().ok());
  clock_.advance(std::chrono::hours(1));
  EXPECT_TRUE(list().ok());
  EXPECT_EQ(http::findHeader(transport_.requests().back().headers, "X-Amz-Date"),
            "20260301T110000Z");
}

TEST_F(Client, MediaIsHandedOut) {
  answerEndpoint();
  transport_.add({200, {{"Content-Type", "video/webm"}}, "some media", {}, {}});
  const auto body = media();
  ASSERT_TRUE(body.ok()) << body.error().message;
  std::string text;
  for (auto bytes = (*body)->read(kNever); !bytes->empty(); bytes = (*body)->read(kNever)) {
    text += bytes->view();
  }
  EXPECT_EQ(text, "some media");
  EXPECT_EQ(transport_.requests().back().body, R"({"StreamName":"cam1","Fragments":["1","2"]})");
}

TEST_F(Client, ServiceErrorsCarryAllThatIsKnown) {
  for (const char* id : {"id-0", "id-1"}) {
    answerEndpoint();
    transport_.add(json(
        404, R"({"Message":"The requested stream is not found or not active."})",
        {{"x-amzn-RequestId", id}, {"x-amzn-ErrorType", "ResourceNotFoundException:https://x/"}}));
  }
  const Error error = list().error();
  EXPECT_EQ(error.kind, ErrorKind::kNotFound);
  EXPECT_EQ(error.message,
            "ResourceNotFoundException: The requested stream is not found or not active.");
  EXPECT_EQ(error.operation, "ListFragments");
  EXPECT_EQ(error.stream, "cam1");
  EXPECT_EQ(error.httpStatus, 404);
  EXPECT_EQ(error.awsCode, "ResourceNotFoundException");
  EXPECT_EQ(error.requestId, "id-1");
}

TEST_F(Client, ErrorsOfEachOperationNameIt) {
  transport_.add(json(401, "{}"));
  const Error endpointError = media().error();
  EXPECT_EQ(endpointError.operation, "GetDataEndpoint");
  EXPECT_EQ(endpointError.kind, ErrorKind::kNotAuthorized);
  answerEndpoint();
  transport_.add(json(400, "{}", {{"x-amzn-ErrorType", "ClientLimitExceededException"}}));
  const Error mediaError = media().error();
  EXPECT_EQ(mediaError.operation, "GetMediaForFragmentList");
  EXPECT_EQ(mediaError.kind, ErrorKind::kBusy);
}

TEST_F(Client, ErrorsUnderAGoodStatus) {
  const std::string unknown =
      R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})";
  transport_.add(json(200, unknown));
  EXPECT_EQ(list().error().awsCode, "UnknownOperationException");
  answerEndpoint();
  transport_.add(json(200, unknown, {{"x-amzn-RequestId", "id-1"}}));
  answerEndpoint();
  transport_.add(json(200, unknown, {{"x-amzn-RequestId", "id-2"}}));
  const Error error = list().error();
  EXPECT_EQ(error.kind, ErrorKind::kSettings);
  EXPECT_EQ(error.requestId, "id-2");
  EXPECT_EQ(error.httpStatus, 200);
  for (int i = 0; i < 2; ++i) {
    answerEndpoint();
    transport_.add(json(200, unknown));
  }
  EXPECT_EQ(media().error().awsCode, "UnknownOperationException");
}

TEST_F(Client, PagesInPlaceOfAnswers) {
  const CannedAnswer page{200, {{"Content-Type", "text/html"}}, "<html><title>Login</title>"};
  transport_.add(page);
  EXPECT_EQ(list().error().message, "HTTP status 200: an HTML page: login");
  answerEndpoint();
  transport_.add(page);
  const Error error = media().error();
  EXPECT_EQ(error.message, "HTTP status 200: an HTML page: login");
  EXPECT_EQ(error.kind, ErrorKind::kOpenRead);
  EXPECT_EQ(error.operation, "GetMediaForFragmentList");
}

TEST_F(Client, BadAnswers) {
  for (const char* body :
       {"", "[]", "{", R"({"DataEndpoint":1})", "{}", R"({"DataEndpoint":"b-1.example"})",
        R"({"DataEndpoint":"ftp://b-1.example"})"}) {
    transport_.add(json(200, body));
    const Error error = list().error();
    EXPECT_EQ(error.kind, ErrorKind::kDecode) << body;
    EXPECT_EQ(error.operation, "GetDataEndpoint");
    EXPECT_EQ(error.httpStatus, 200);
  }
  answerEndpoint();
  transport_.add(json(200, R"({"Fragments":[{}]})"));
  const Error error = list().error();
  EXPECT_EQ(error.kind, ErrorKind::kDecode);
  EXPECT_EQ(error.message, "Fragments[0].FragmentNumber in the answer is missing");
  EXPECT_EQ(error.operation, "ListFragments");
}

TEST_F(Client, CredentialsNeverGoInClear) {
  answerEndpoint("http://b-1.example");
  const Error error = list().error();
  EXPECT_EQ(error.kind, ErrorKind::kOpenRead);
  EXPECT_EQ(transport_.requests().size(), 1U);
  client_ = make("http://127.0.0.1:8080");
  answerEndpoint("http://127.0.0.1:8080/");
  transport_.add(json(200, kEmptyPage));
  EXPECT_TRUE(list().ok());
  EXPECT_EQ(transport_.requests().back().url, "http://127.0.0.1:8080/listFragments");
}

TEST_F(Client, InClearOnlyToThisMachineAndTheHostThatIsSet) {
  const struct {
    const char *control, *data;
    bool isAsked;
  } cases[] = {
      {"http://127.0.0.1:8080", "http://b-1.example", false},
      {"http://127.0.0.1:8080", "http://127.example", false},
      {"http://127.0.0.1:8080", "http://10.1.2.3:8080", false},
      {"http://127.0.0.1:8080", "http://127.0.0.2:9000", true},
      {"http://127.0.0.1:8080", "http://[::1]:9000", true},
      {"http://127.0.0.1:8080", "https://b-1.example", true},
      {"http://emulator:8080", "http://localhost:9000", true},
      {"http://emulator:8080", "http://emulator:9000/base", true},
      {"http://emulator:8080", "http://emulator.example:8080", false},
      {"https://emulator:8080", "http://emulator:8080", false},
      {"https://127.0.0.1:8080", "http://127.0.0.1:8080", false},
  };
  for (const auto& c : cases) {
    client_ = make(c.control);
    transport_.clear();
    answerEndpoint(c.data);
    transport_.add(json(200, kEmptyPage));
    EXPECT_EQ(list().ok(), c.isAsked) << c.control << " " << c.data;
    EXPECT_EQ(transport_.requests().size(), c.isAsked ? 2U : 1U) << c.control << " " << c.data;
  }
}

TEST_F(Client, TransportErrorsAreNamed) {
  CannedAnswer unreachable;
  unreachable.headError = makeError(ErrorKind::kOpenRead, "no answer");
  transport_.add(unreachable);
  const Error first = list().error();
  EXPECT_EQ(first.kind, ErrorKind::kOpenRead);
  EXPECT_EQ(first.operation, "GetDataEndpoint");
  EXPECT_EQ(first.stream, "cam1");
  answerEndpoint();
  CannedAnswer cut = json(200, R"({"Fragments":[)", {{"x-amzn-RequestId", "id-3"}});
  cut.bodyError = makeError(ErrorKind::kRead, "broke off");
  transport_.add(cut);
  const Error second = list().error();
  EXPECT_EQ(second.kind, ErrorKind::kRead);
  EXPECT_EQ(second.requestId, "id-3");
}

TEST_F(Client, AnErrorWhoseBodyBreaksOffIsStillThatError) {
  answerEndpoint();
  CannedAnswer cut = json(503, "", {{"x-amzn-ErrorType", "ServiceUnavailable"}});
  cut.bodyError = makeError(ErrorKind::kRead, "broke off");
  transport_.add(cut);
  const Error error = list().error();
  EXPECT_EQ(error.awsCode, "ServiceUnavailable");
  EXPECT_EQ(error.httpStatus, 503);
}

TEST_F(Client, BodiesAreBounded) {
  answerEndpoint();
  transport_.add(json(200, std::string((16 << 20) + 1, ' ')));
  EXPECT_EQ(list().error().kind, ErrorKind::kDecode);
  transport_.add(json(500, std::string(1 << 20, 'x')));
  EXPECT_LT(list().error().message.size(), 1000U);
}

TEST_F(Client, Cancelling) {
  CancelToken cancel;
  cancel.cancel();
  transport_.add(json(200, kEmptyPage));
  const auto call = client_->listFragments({}, 1, "");
  EXPECT_EQ(client_->wait(*call, cancel).error().kind, ErrorKind::kCancelled);
}

TEST_F(Client, MissingCredentialsAreAnError) {
  aws::StaticProvider none{{"", "", ""}};
  ArchivedMediaClient client({{"cam1", ""}, "eu-west-1", "https://a.example", {}}, transport_, none,
                             clock_);
  const Error error = client.wait(*client.dataEndpoint("LIST_FRAGMENTS"), kNever).error();
  EXPECT_EQ(error.kind, ErrorKind::kAbsent);
  EXPECT_EQ(error.operation, "GetDataEndpoint");
  EXPECT_TRUE(transport_.requests().empty());
}

/// All texts of an error.
std::string allOf(const Error& error) {
  return error.message + "\n" + error.awsCode + "\n" + error.requestId + "\n" + error.stream +
         "\n" + error.operation + "\n";
}

TEST_F(Client, SecretsInHeadersReachNoErrorAndNoLog) {
  const test::LogCapture log;
  std::string all;
  for (const std::string& secret : {kSecret, kToken}) {
    transport_.add(
        json(403, "{}", {{"x-amzn-RequestId", "id " + secret}, {"x-amzn-ErrorType", secret}}));
    all += allOf(list().error());
    transport_.add(json(403, "{\"__type\":\"" + secret + "\",\"message\":\"" + secret + "\"}",
                        {{"x-amz-RequestId", secret}, {"Date", secret}}));
    all += allOf(list().error());
    answerEndpoint();
    transport_.add({200, {{"x-amzn-RequestId", secret}}, "media", {}, {}});
    const auto body = media();
    ASSERT_TRUE(body);
    all += allOf((*body)->annotate(Error()));
    client_ = make("https://kinesisvideo.example");
  }
  transport_.add(
      {200, {{"x-amzn-RequestId", kToken}}, "{", {}, makeError(ErrorKind::kRead, "cut")});
  all += allOf(list().error());
  EXPECT_EQ(all.find("SECRET"), std::string::npos) << all;
  EXPECT_NE(all.find("id ***"), std::string::npos) << all;
  EXPECT_EQ(log.text().find("SECRET"), std::string::npos) << log.text();
}

TEST_F(Client, SecretsInGoodAnswersReachNoError) {
  answerEndpoint();
  transport_.add(json(200, R"({"Fragments":[{"FragmentNumber":")" + kSecret +
                               R"(","ProducerTimestamp":1,"ServerTimestamp":1}]})"));
  const Error error = list().error();
  EXPECT_EQ(error.message, "\"***\" in the answer is not a fragment number");
}

TEST_F(Client, SecretsInTheDataEndpointReachNoErrorAndNoLog) {
  const test::LogCapture log;
  for (const std::string& secret :
       {kSecret, kToken, std::string("SECRETTOKEN%2F%2B%3D%3D"), std::string(64, 'a')}) {
    transport_.add(json(200, R"({"DataEndpoint":"https://a.example/)" + secret + "\"}"));
    const Error error = list().error();
    EXPECT_EQ(error.kind, ErrorKind::kDecode);
    EXPECT_EQ(error.message, "the data endpoint has parts of the request in it");
  }
  EXPECT_EQ(log.text().find("SECRET"), std::string::npos) << log.text();
  EXPECT_EQ(log.text().find("aaaa"), std::string::npos) << log.text();
}

TEST_F(Client, ADataEndpointMayHaveAShortSecretInItsName) {
  aws::StaticProvider standIn{{"AKID", "kvs", ""}};
  ArchivedMediaClient client({{"cam1", ""}, "eu-west-1", "https://a.example", {}}, transport_,
                             standIn, clock_);
  transport_.add(json(200, R"({"DataEndpoint":"https://kvs-emulator.example"})"));
  const auto url = client.wait(*client.dataEndpoint("LIST_FRAGMENTS"), kNever);
  ASSERT_TRUE(url) << url.error().message;
  EXPECT_EQ(*url, "https://kvs-emulator.example");
}

TEST_F(Client, SecretsReachNoErrorAndNoLog) {
  const test::LogCapture log;
  std::string all;
  for (const std::string& echoed :
       {R"({"message":"you sent )" + kToken + " " + kSecret + "\"}",
        R"({"message":"you sent SECRETTOKEN\/+== )" + kSecret + "\"}",
        "x-amz-security-token: " + kToken, std::string(490, 'x') + kToken,
        std::string("you sent SECRETTOKEN%2F%2B%3D%3D"),
        R"({"message":"Signature )" + std::string(32, 'a') + std::string(32, '7') +
            R"( is wrong"})",
        R"({"__type":")" + std::string(64, 'a') + R"("})",
        std::string(R"({"message":"The Canonical String for this request: SECRET"})")}) {
    transport_.add(json(403, echoed));
    all += allOf(list().error());
  }
  EXPECT_EQ(all.find("SECRET"), std::string::npos) << all;
  EXPECT_EQ(all.find("aaaa"), std::string::npos) << all;
  EXPECT_EQ(log.text().find("SECRET"), std::string::npos) << log.text();
}

}  // namespace
}  // namespace kvsarchive::kvs
