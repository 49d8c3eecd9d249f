// SPDX-License-Identifier: LGPL-2.1-or-later
// What the client tries again, how often, and what it does in between.
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <thread>
#include <utility>

#include "aws/static_provider.h"
#include "kvs/archived_media_client.h"
#include "support/fake_clock.h"
#include "support/fake_transport.h"
#include "support/log_capture.h"

namespace kvsarchive::kvs {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::steady_clock;
using test::CannedAnswer;
using test::json;
using Paths = std::vector<std::string>;

const CancelToken kNever;
const std::string kGet = "/getDataEndpoint";
const std::string kList = "/listFragments";
const std::string kMedia = "/getMediaForFragmentList";

/// Hands out credentials that a test changes.
class ScriptedProvider : public aws::CredentialsProvider {
 public:
  const char* name() const override { return "scripted"; }
  Result<aws::Credentials> credentials(const CancelToken&) override {
    ++asked;
    return current;
  }
  void invalidate(const aws::Credentials& used) override {
    invalidated.push_back(used.accessKeyId);
    if (!next.empty()) {
      current = next.front();
      next.pop_front();
    }
  }

  Result<aws::Credentials> current = aws::Credentials("AKID1", "SECRET1", "TOKEN1");
  std::deque<Result<aws::Credentials>> next;  ///< by invalidate()
  std::vector<std::string> invalidated;
  int asked = 0;
};

class ClientRetry : public testing::Test {
 protected:
  ClientRetry() { use({2, 0.001, 0.002}); }

  void use(const http::RetryOptions& retry) {
    client_ = std::make_unique<ArchivedMediaClient>(
        ClientOptions{{"cam1", ""}, "eu-west-1", "https://kinesisvideo.example", retry}, transport_,
        credentials_, clock_);
  }

  void answerEndpoint(const std::string& host = "b-1.example") {
    transport_.add(json(200, R"({"DataEndpoint":"https://)" + host + "\"}"));
  }
  void answerError(int status, const char* code, const std::string& message = "m",
                   http::Headers headers = {}) {
    headers.push_back({"x-amzn-ErrorType", code});
    transport_.add(json(status, "{\"Message\":\"" + message + "\"}", std::move(headers)));
  }
  void answerPage() { transport_.add(json(200, R"({"NextToken":"ok"})")); }
  void answerMedia() { transport_.add({200, {{"Content-Type", "video/webm"}}, "media"}); }
  void answerNothing(Recovery recovery = Recovery::kRetry) {
    CannedAnswer none;
    none.headError = makeError(ErrorKind::kOpenRead, "no answer");
    none.headError->recovery = recovery;
    transport_.add(none);
  }

  Result<std::string> dataEndpoint(const std::string& apiName) {
    const auto call = client_->dataEndpoint(apiName);
    return client_->wait(*call, kNever);
  }

  Result<FragmentPage> list(const CancelToken& cancel = kNever) {
    const auto call = client_->listFragments({}, 100, "");
    return client_->wait(*call, cancel);
  }

  Result<std::unique_ptr<MediaBody>> media(http::RetryBudget& budget) {
    const auto call = client_->getMediaForFragmentList({"1"}, 1000, budget);
    return client_->wait(*call, kNever);
  }

  /// Lists, and expects success after these requests.
  void expectListed(const Paths& paths) {
    const auto page = list();
    ASSERT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->nextToken, "ok");
    EXPECT_EQ(transport_.paths(), paths);
  }
  /// Lists, and expects a final error after these requests.
  Error expectError(const Paths& paths) {
    const auto page = list();
    EXPECT_FALSE(page);
    EXPECT_EQ(transport_.paths(), paths);
    const Error error = page ? Error() : page.error();
    EXPECT_EQ(error.recovery, Recovery::kNone);
    return error;
  }

  std::string hostOf(size_t request) {
    return std::string(http::findHeader(transport_.requests().at(request).headers, "Host"));
  }
  std::string dateOf(size_t request) {
    return std::string(http::findHeader(transport_.requests().at(request).headers, "X-Amz-Date"));
  }

  test::FakeTransport transport_;
  test::FakeClock clock_{unixTimeFromMillis(1772359200000)};  // 2026-03-01T10:00:00Z
  ScriptedProvider credentials_;
  std::unique_ptr<ArchivedMediaClient> client_;
};

TEST_F(ClientRetry, WhatPassesIsTriedAgain) {
  answerError(500, "InternalFailure");
  answerEndpoint();
  transport_.add({502, {}, "<html><title>Bad Gateway</title></html>"});
  answerPage();
  expectListed({kGet, kGet, kList, kList});
}

TEST_F(ClientRetry, AnswersThatAreNoneAreTriedAgain) {
  CannedAnswer cut = json(200, R"({"Fragments":[)");
  cut.bodyError = makeError(ErrorKind::kRead, "broke off");
  cut.bodyError->recovery = Recovery::kRetry;
  for (const CannedAnswer& bad : {cut, json(200, ""), json(200, R"({"NextTok)"),
                                  json(200, "<html>login"), json(429, ""), json(503, "")}) {
    transport_.clear();
    use({2, 0, 0});
    answerEndpoint();
    transport_.add(bad);
    answerPage();
    expectListed({kGet, kList, kList});
  }
}

TEST_F(ClientRetry, AnErrorThatBreaksOffBeforeItSaysWhatItIsIsTriedAgain) {
  CannedAnswer cut{403, {}, "<Error><Co", std::nullopt, makeError(ErrorKind::kRead, "broke off")};
  cut.bodyError->recovery = Recovery::kRetry;
  answerEndpoint();
  transport_.add(cut);
  answerPage();
  expectListed({kGet, kList, kList});
  transport_.clear();
  for (int i = 0; i < 3; ++i) {
    transport_.add(cut);
  }
  EXPECT_EQ(expectError({kList, kList, kList}).httpStatus, 403);
  transport_.clear();
  cut.status = 400;
  cut.headers.push_back({"x-amzn-ErrorType", "InvalidArgumentException"});
  transport_.add(cut);
  EXPECT_EQ(expectError({kList}).awsCode, "InvalidArgumentException");
}

TEST_F(ClientRetry, AnErrorThatComesAsASuccessIsNoEmptyPage) {
  for (const char* body :
       {R"({"message":"Rate exceeded"})", R"({"Message":null})", "{}", R"({"error":{"code":7}})"}) {
    transport_.clear();
    use({2, 0, 0});
    answerEndpoint();
    transport_.add(json(200, body));
    answerPage();
    expectListed({kGet, kList, kList});
  }
}

TEST_F(ClientRetry, AnAnswerThatMakesNoSenseIsNotTriedAgain) {
  answerEndpoint();
  transport_.add(json(200, R"({"Fragments":[{}]})"));
  EXPECT_EQ(expectError({kGet, kList}).kind, ErrorKind::kDecode);
}

TEST_F(ClientRetry, WhatIsFinalIsNotTriedAgain) {
  answerEndpoint();
  answerError(400, "InvalidArgumentException", "bad.");
  const Error error = expectError({kGet, kList});
  EXPECT_EQ(error.message, "InvalidArgumentException: bad.");
}

TEST_F(ClientRetry, AttemptsRunOutAndTheErrorSaysSo) {
  answerEndpoint();
  for (int i = 0; i < 3; ++i) {
    answerError(500, "InternalFailure", "it failed.");
  }
  const test::LogCapture log;
  const Error error = expectError({kGet, kList, kList, kList});
  EXPECT_EQ(error.message, "InternalFailure: it failed, after 3 attempts");
  EXPECT_EQ(error.operation, "ListFragments");
  EXPECT_EQ(error.httpStatus, 500);
  EXPECT_NE(log.text().find("ListFragments failed, trying again in "), std::string::npos);
  EXPECT_EQ(log.text().find("SECRET"), std::string::npos);
  EXPECT_EQ(log.text().find("TOKEN"), std::string::npos);
}

TEST_F(ClientRetry, ZeroRetriesAreOneAttempt) {
  use({0, 1, 20});
  answerEndpoint();
  answerError(500, "InternalFailure", "it failed.");
  EXPECT_EQ(expectError({kGet, kList}).message, "InternalFailure: it failed.");
}

TEST_F(ClientRetry, EachCallHasABudgetOfItsOwn) {
  answerEndpoint();
  for (int call = 0; call < 3; ++call) {
    answerError(503, "ServiceUnavailable");
    answerError(503, "ServiceUnavailable");
    answerPage();
    EXPECT_TRUE(list());
  }
  EXPECT_EQ(transport_.requests().size(), 10U);
}

TEST_F(ClientRetry, EndlessRetries) {
  use({-1, 0, 0});
  answerEndpoint();
  for (int i = 0; i < 50; ++i) {
    answerError(500, "InternalFailure");
  }
  answerPage();
  EXPECT_TRUE(list());
  EXPECT_EQ(transport_.requests().size(), 52U);
}

TEST_F(ClientRetry, AskingForAnEndpointIsTriedAgain) {
  answerNothing();
  answerError(400, "ClientLimitExceededException");
  answerEndpoint();
  const auto endpoint = dataEndpoint("LIST_FRAGMENTS");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(*endpoint, "https://b-1.example");
  EXPECT_EQ(transport_.requests().size(), 3U);
}

TEST_F(ClientRetry, BackOffTakesItsTime) {
  use({1, 1, 0.3});
  answerEndpoint();
  answerError(400, "ClientLimitExceededException");
  answerPage();
  const auto start = steady_clock::now();
  EXPECT_TRUE(list());
  EXPECT_GE(steady_clock::now() - start, milliseconds(150));  // half of 0.3 s at least
}

TEST_F(ClientRetry, BackOffCanBeCancelled) {
  use({5, 3600, 3600});
  answerEndpoint();
  for (int i = 0; i < 4; ++i) {
    answerError(400, "ThrottlingException");  // half a second at least
  }
  CancelToken cancel;
  std::thread canceller([&] {
    std::this_thread::sleep_for(milliseconds(50));
    cancel.cancel();
  });
  const auto start = steady_clock::now();
  EXPECT_EQ(list(cancel).error().kind, ErrorKind::kCancelled);
  EXPECT_LT(steady_clock::now() - start, milliseconds(450));
  canceller.join();
  EXPECT_EQ(transport_.paths(), (Paths{kGet, kList}));
}

TEST_F(ClientRetry, MediaDrawsOnTheCallersBudget) {
  http::RetryBudget budget = client_->newRetryBudget();
  answerEndpoint();
  answerError(503, "ServiceUnavailable");
  answerMedia();
  EXPECT_TRUE(media(budget));
  EXPECT_EQ(budget.attempts(), 1);
  answerError(503, "ServiceUnavailable");
  answerError(503, "ServiceUnavailable", "busy.");
  const auto failed = media(budget);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "ServiceUnavailable: busy, after 3 attempts");
  EXPECT_EQ(failed.error().recovery, Recovery::kNone);
  budget.progress();
  answerError(503, "ServiceUnavailable");
  answerMedia();
  EXPECT_TRUE(media(budget));
  EXPECT_EQ(transport_.paths(), (Paths{kGet, kMedia, kMedia, kMedia, kMedia, kMedia, kMedia}));
}

TEST_F(ClientRetry, ABodyThatBreaksOffIsTheCallersToTryAgain) {
  http::RetryBudget budget = client_->newRetryBudget();
  answerEndpoint();
  CannedAnswer cut{200, {{"Content-Type", "video/webm"}}, ""};
  cut.bodyError = makeError(ErrorKind::kRead, "broke off");
  cut.bodyError->recovery = Recovery::kRetry;
  transport_.add(cut);
  const auto body = media(budget);
  ASSERT_TRUE(body);
  EXPECT_EQ((*body)->read(kNever).error().recovery, Recovery::kRetry);
  EXPECT_EQ(budget.attempts(), 0);
}

TEST_F(ClientRetry, AnEndpointThatIsTheWrongOneIsAskedForAgain) {
  const CannedAnswer notHere{
      403,
      {},
      "<AccessDeniedException><Message>Unable to determine service/operation name to be "
      "authorized</Message></AccessDeniedException>"};
  const CannedAnswer unknown =
      json(200, R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"}})");
  const CannedAnswer gone = json(404, R"({"__type":"ResourceNotFoundException"})");
  const CannedAnswer invalid = json(400, R"({"__type":"InvalidEndpointException"})");
  for (const CannedAnswer& wrong : {notHere, unknown, gone, invalid}) {
    transport_.clear();
    use({0, 0, 0});  // no attempts are needed for that
    answerEndpoint("b-1.example");
    transport_.add(wrong);
    answerEndpoint("b-2.example");
    answerPage();
    expectListed({kGet, kList, kGet, kList});
    EXPECT_EQ(hostOf(1), "b-1.example");
    EXPECT_EQ(hostOf(3), "b-2.example");
    EXPECT_EQ(*dataEndpoint("LIST_FRAGMENTS"), "https://b-2.example");
  }
}

TEST_F(ClientRetry, AnEndpointIsAskedForAgainOncePerCall) {
  for (int call = 1; call <= 2; ++call) {
    answerEndpoint();
    answerError(404, "ResourceNotFoundException", "not found");
    answerEndpoint();
    answerError(404, "ResourceNotFoundException", "not found");
    const auto page = list();
    EXPECT_EQ(page.error().kind, ErrorKind::kNotFound);
    EXPECT_EQ(page.error().message, "ResourceNotFoundException: not found");
    EXPECT_EQ(page.error().recovery, Recovery::kNone);
    EXPECT_EQ(transport_.paths().back(), kList);
    client_ = nullptr;
    use({2, 0.001, 0.002});
  }
  EXPECT_EQ(transport_.requests().size(), 8U);
}

TEST_F(ClientRetry, OnlyTheEndpointOfThatApiIsForgotten) {
  answerEndpoint("media.example");
  EXPECT_TRUE(dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST"));
  answerEndpoint("list-1.example");
  answerError(404, "ResourceNotFoundException");
  answerEndpoint("list-2.example");
  answerPage();
  EXPECT_TRUE(list());
  EXPECT_EQ(transport_.requests().size(), 5U);
  EXPECT_EQ(*dataEndpoint("GET_MEDIA_FOR_FRAGMENT_LIST"), "https://media.example");
  EXPECT_EQ(transport_.requests().size(), 5U);
}

/// Does something before it sends the first request for a page.
class InterruptedTransport : public http::Transport {
 public:
  InterruptedTransport(http::Transport& transport, std::function<void()> interruption)
      : transport_(transport), interruption_(std::move(interruption)) {}

  std::unique_ptr<http::Exchange> send(http::Request request) override {
    if (request.url.find(kList) != std::string::npos && interruption_) {
      std::exchange(interruption_, nullptr)();
    }
    return transport_.send(std::move(request));
  }

 private:
  http::Transport& transport_;
  std::function<void()> interruption_;
};

TEST_F(ClientRetry, AnEndpointThatAnotherCallReplacedIsKept) {
  InterruptedTransport transport(transport_, [&] { EXPECT_TRUE(list()); });
  client_ = std::make_unique<ArchivedMediaClient>(
      ClientOptions{{"cam1", ""}, "eu-west-1", "https://kinesisvideo.example", {0, 0, 0}},
      transport, credentials_, clock_);
  answerEndpoint("b-1.example");
  answerError(404, "ResourceNotFoundException");  // of the call within
  answerEndpoint("b-2.example");
  answerPage();
  answerError(404, "ResourceNotFoundException");  // of the call around it, from b-1
  answerPage();
  expectListed({kGet, kList, kGet, kList, kList, kList});
  EXPECT_EQ(hostOf(4), "b-1.example");
  EXPECT_EQ(hostOf(5), "b-2.example");
}

TEST_F(ClientRetry, TheControlPlaneHasNoOtherEndpoint) {
  answerError(404, "ResourceNotFoundException");
  EXPECT_EQ(expectError({kGet}).kind, ErrorKind::kNotFound);
}

TEST_F(ClientRetry, AHostThatDoesNotAnswerIsAskedForAnew) {
  answerEndpoint("b-1.example");
  answerNothing();
  answerEndpoint("b-2.example");
  answerPage();
  expectListed({kGet, kList, kGet, kList});
  EXPECT_EQ(hostOf(3), "b-2.example");
}

TEST_F(ClientRetry, AHostThatDoesNotAnswerIsForgottenForLaterCallsToo) {
  use({0, 0, 0});
  answerEndpoint("b-1.example");
  answerNothing();
  expectError({kGet, kList});
  answerEndpoint("b-2.example");
  answerPage();
  expectListed({kGet, kList, kGet, kList});
}

TEST_F(ClientRetry, AHostThatAnswersIsKept) {
  answerEndpoint();
  answerError(503, "ServiceUnavailable");
  answerPage();
  expectListed({kGet, kList, kList});
}

TEST_F(ClientRetry, AHostThatIsNotTrustedIsNotTriedAgain) {
  answerEndpoint();
  answerNothing(Recovery::kNone);
  expectError({kGet, kList});
}

TEST_F(ClientRetry, ExpiredCredentialsAreReplaced) {
  use({0, 0, 0});
  credentials_.next = {aws::Credentials("AKID2", "SECRET2", "TOKEN2")};
  answerEndpoint();
  answerError(403, "ExpiredTokenException");
  answerPage();
  expectListed({kGet, kList, kList});
  EXPECT_EQ(credentials_.invalidated, (std::vector<std::string>{"AKID1"}));
  const auto requests = transport_.requests();
  EXPECT_EQ(http::findHeader(requests[1].headers, "X-Amz-Security-Token"), "TOKEN1");
  EXPECT_EQ(http::findHeader(requests[2].headers, "X-Amz-Security-Token"), "TOKEN2");
  EXPECT_NE(http::findHeader(requests[2].headers, "Authorization").find("Credential=AKID2/"),
            std::string::npos);
}

TEST_F(ClientRetry, TheSameCredentialsAreNotTriedAgain) {
  answerError(403, "ExpiredTokenException", "The security token is expired");
  const Error error = expectError({kGet});
  EXPECT_EQ(error.kind, ErrorKind::kNotAuthorized);
  EXPECT_EQ(error.message, "ExpiredTokenException: The security token is expired");
}

TEST_F(ClientRetry, CredentialsAreReplacedOncePerCall) {
  for (int i = 2; i <= 5; ++i) {
    credentials_.next.push_back(aws::Credentials("AKID" + std::to_string(i), "SECRET", "TOKEN"));
    answerError(403, "ExpiredTokenException");
  }
  expectError({kGet, kGet});
  expectError({kGet, kGet, kGet, kGet});
}

TEST_F(ClientRetry, CredentialsThatCantBeReplaced) {
  credentials_.next = {makeError(ErrorKind::kNotAuthorized, "the file is gone")};
  answerError(403, "ExpiredTokenException", "expired");
  EXPECT_EQ(expectError({kGet}).message,
            "ExpiredTokenException: expired; no others could be had: the file is gone");
  credentials_.current = aws::Credentials("AKID1", "SECRET1", "");
  credentials_.next = {cancelledError()};
  answerError(403, "ExpiredTokenException", "expired");
  EXPECT_EQ(list().error().kind, ErrorKind::kCancelled);
}

TEST_F(ClientRetry, CredentialsThatCanBeReplacedLater) {
  Error down = makeError(ErrorKind::kOpenRead, "the source is down");
  down.recovery = Recovery::kRetry;
  credentials_.next = {down};
  answerEndpoint();
  answerError(403, "ExpiredTokenException", "expired");
  // Nothing more is signed with the old ones.
  EXPECT_EQ(expectError({kGet, kList}).message, "the source is down, after 3 attempts");
  EXPECT_EQ(credentials_.invalidated, (std::vector<std::string>{"AKID1"}));
}

TEST_F(ClientRetry, AProviderMayAskForTime) {
  answerEndpoint();
  answerPage();
  Error slow = makeError(ErrorKind::kOpenRead, "no answer from the provider");
  slow.recovery = Recovery::kRetry;
  credentials_.current = slow;
  EXPECT_EQ(expectError({}).message, "no answer from the provider, after 3 attempts");
  EXPECT_EQ(credentials_.asked, 3);
}

TEST_F(ClientRetry, WhatASourceOfCredentialsAnswersIsNotTheStreams) {
  client_ =
      std::make_unique<ArchivedMediaClient>(ClientOptions{{"cam1", ""},
                                                          "eu-west-1",
                                                          "https://kinesisvideo.example",
                                                          {2, 0.001, 0.002},
                                                          5,
                                                          StreamPace::of("a stream of its own"),
                                                          nullptr},
                                            transport_, credentials_, clock_);
  answerEndpoint();
  answerPage();
  expectListed({kGet, kList});
  const auto keys = credentials_.current;
  for (const int status : {0, 503}) {
    Error down = makeError(ErrorKind::kOpenRead, "the source is down");
    down.httpStatus = status;
    down.recovery = Recovery::kRetry;
    credentials_.current = down;
    Error error = expectError({kGet, kList});
    EXPECT_EQ(error.operation + " " + std::to_string(error.httpStatus), "ListFragments 0");
    down.operation = "AssumeRole";
    credentials_.current = down;
    error = expectError({kGet, kList});
    EXPECT_EQ(error.operation, "AssumeRole");
    EXPECT_EQ(error.httpStatus, status);
    EXPECT_EQ(error.stream, "cam1");
  }
  EXPECT_EQ(client_->pace().rate, 1);
  EXPECT_EQ(client_->pace().connectionLimit, 5U);
  const RetryCounts retries = client_->retries();
  EXPECT_EQ(retries.all(), retries.access);
  credentials_.current = keys;
  answerPage();
  expectListed({kGet, kList, kList});  // where it was before
}

TEST_F(ClientRetry, AWrongClockIsCorrected) {
  for (const char* code : {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired",
                           "RequestTimeTooSkewed"}) {
    transport_.clear();
    use({0, 0, 0});
    answerError(403, code, "m", {{"Date", "Sun, 01 Mar 2026 10:30:00 GMT"}});
    answerEndpoint();
    answerPage();
    expectListed({kGet, kGet, kList});
    EXPECT_EQ(dateOf(0), "20260301T100000Z");
    EXPECT_EQ(dateOf(1), "20260301T103000Z");
    EXPECT_EQ(dateOf(2), "20260301T103000Z");
  }
}

TEST_F(ClientRetry, TheServicesTimeIsKeptForLaterCalls) {
  answerError(403, "RequestExpired", "m", {{"date", "Sun, 01 Mar 2026 09:00:00 GMT"}});
  answerEndpoint();
  answerPage();
  EXPECT_TRUE(list());
  clock_.advance(minutes(5));
  answerPage();
  EXPECT_TRUE(list());
  EXPECT_EQ(dateOf(3), "20260301T090500Z");
}

TEST_F(ClientRetry, ARightClockIsNotCorrected) {
  for (const char* date :
       {"Sun, 01 Mar 2026 10:03:59 GMT", "Sun, 01 Mar 2026 09:56:01 GMT", "", "no date"}) {
    transport_.clear();
    answerError(403, "InvalidSignatureException", "wrong key", {{"Date", date}});
    EXPECT_EQ(expectError({kGet}).message, "InvalidSignatureException: wrong key");
    EXPECT_EQ(dateOf(0), "20260301T100000Z");
  }
}

TEST_F(ClientRetry, TheClockIsCorrectedOncePerCall) {
  answerError(403, "RequestExpired", "m", {{"Date", "Sun, 01 Mar 2026 10:30:00 GMT"}});
  answerError(403, "RequestExpired", "m", {{"Date", "Sun, 01 Mar 2026 11:30:00 GMT"}});
  expectError({kGet, kGet});
}

TEST_F(ClientRetry, AllThatHelpsTogether) {
  use({1, 0, 0});
  credentials_.next = {aws::Credentials("AKID2", "SECRET2", "TOKEN2")};
  answerError(403, "RequestExpired", "m", {{"Date", "Sun, 01 Mar 2026 10:30:00 GMT"}});
  answerEndpoint("b-1.example");
  answerError(403, "ExpiredTokenException");
  answerError(404, "ResourceNotFoundException");
  answerEndpoint("b-2.example");
  answerError(500, "InternalFailure");
  answerPage();
  expectListed({kGet, kGet, kList, kList, kGet, kList, kList});
}

}  // namespace
}  // namespace kvsarchive::kvs
