// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/service_error.h"

#include <glib.h>
#include <gtest/gtest.h>

#include "kvs/error_body.h"

namespace kvsarchive::kvs {
namespace {

using http::Headers;
using http::ResponseHead;

const ErrorKind kSettings = ErrorKind::kSettings;
const ErrorKind kNotAuthorized = ErrorKind::kNotAuthorized;
const ErrorKind kNotFound = ErrorKind::kNotFound;
const ErrorKind kBusy = ErrorKind::kBusy;
const ErrorKind kOpenRead = ErrorKind::kOpenRead;
const Recovery kRetry = Recovery::kRetry;
const Recovery kThrottle = Recovery::kThrottle;
const Recovery kRefreshCredentials = Recovery::kRefreshCredentials;
const Recovery kRefetchEndpoint = Recovery::kRefetchEndpoint;
const Recovery kCorrectClock = Recovery::kCorrectClock;

TEST(ServiceError, CodesAndStatusesAreClassified) {
  struct Case {
    const char* code;
    int status;
    ErrorKind kind;
    Recovery recovery = Recovery::kNone;
  };
  for (const Case& c : {
           Case{"InvalidArgumentException", 400, kSettings},
           Case{"ResourceNotFoundException", 404, kNotFound, kRefetchEndpoint},
           Case{"NoDataRetentionException", 400, kNotFound},
           Case{"NotAuthorizedException", 401, kNotAuthorized},
           Case{"AccessDeniedException", 400, kNotAuthorized},
           Case{"NotAuthorizedException", 503, kNotAuthorized, kRetry},
           Case{"UnrecognizedClientException", 403, kNotAuthorized, kRefreshCredentials},
           Case{"InvalidToken", 400, kNotAuthorized, kRefreshCredentials},
           Case{"MissingAuthenticationToken", 403, kNotAuthorized},
           Case{"ExpiredTokenException", 403, kNotAuthorized, kRefreshCredentials},
           Case{"ExpiredToken", 400, kNotAuthorized, kRefreshCredentials},
           Case{"InvalidSignatureException", 403, kNotAuthorized, kCorrectClock},
           Case{"SignatureDoesNotMatch", 403, kNotAuthorized, kCorrectClock},
           Case{"RequestExpired", 400, kNotAuthorized, kCorrectClock},
           Case{"RequestTimeTooSkewed", 403, kNotAuthorized, kCorrectClock},
           Case{"RequestInTheFuture", 403, kNotAuthorized, kCorrectClock},
           Case{"ClientLimitExceededException", 400, kBusy, kThrottle},
           Case{"ConnectionLimitExceededException", 400, kBusy, kThrottle},
           Case{"FragmentLimitExceeded", 400, kBusy},
           Case{"Throttling", 400, kBusy, kThrottle},
           Case{"ThrottlingException", 400, kBusy, kThrottle},
           Case{"ThrottledException", 400, kBusy, kThrottle},
           Case{"RequestThrottledException", 400, kBusy, kThrottle},
           Case{"RequestThrottled", 400, kBusy, kThrottle},
           Case{"TooManyRequestsException", 429, kBusy, kThrottle},
           Case{"ProvisionedThroughputExceededException", 400, kBusy, kThrottle},
           Case{"TransactionInProgressException", 400, kBusy, kThrottle},
           Case{"RequestLimitExceeded", 503, kBusy, kThrottle},
           Case{"BandwidthLimitExceeded", 509, kBusy, kThrottle},
           Case{"LimitExceededException", 400, kBusy, kThrottle},
           Case{"SlowDown", 503, kBusy, kThrottle},
           Case{"EC2ThrottledException", 400, kBusy, kThrottle},
           Case{"InternalFailure", 500, kOpenRead, kRetry},
           Case{"ServiceUnavailable", 503, kOpenRead, kRetry},
           Case{"RequestTimeout", 400, kOpenRead, kRetry},
           Case{"RequestTimeoutException", 400, kOpenRead, kRetry},
           Case{"PriorRequestNotComplete", 400, kOpenRead, kRetry},
           Case{"InvalidEndpointException", 400, kSettings, kRefetchEndpoint},
           Case{"UnknownOperationException", 200, kSettings, kRefetchEndpoint},
           Case{"SomethingNewException", 400, kSettings},
           Case{"SomethingNewException", 418, kOpenRead},
           Case{"Exception", 500, kOpenRead, kRetry},
           Case{"", 400, kSettings},
           Case{"", 401, kNotAuthorized},
           Case{"", 403, kNotAuthorized},
           Case{"", 404, kNotFound, kRefetchEndpoint},
           Case{"", 408, kOpenRead, kRetry},
           Case{"", 421, kOpenRead, kRefetchEndpoint},
           Case{"", 429, kBusy, kThrottle},
           Case{"", 500, kOpenRead, kRetry},
           Case{"", 501, kOpenRead},
           Case{"", 502, kOpenRead, kRetry},
           Case{"", 503, kOpenRead, kRetry},
           Case{"", 504, kOpenRead, kRetry},
           Case{"", 505, kOpenRead},
           Case{"", 200, kOpenRead, kRetry},
           Case{"", 301, kOpenRead},
           Case{"", 204, kOpenRead},
       }) {
    const ErrorClass found = classify(c.code, c.status);
    EXPECT_EQ(found.kind, c.kind) << c.code << " " << c.status;
    EXPECT_EQ(found.recovery, c.recovery) << c.code << " " << c.status;
  }
}

TEST(ServiceError, CodeLookupOrder) {
  struct Case {
    const char *header, *body, *code, *message;
  };
  for (
      const Case& c : {
          Case{"InvalidArgumentException:https://kinesisvideo.amazonaws.com/doc/2017-09-30/",
               R"({"Message":"m"})", "InvalidArgumentException", "m"},
          Case{"AccessDeniedException:http://internal.amazon.com/coral/com.amazon.coral.service/",
               R"({"__type":"Other","message":"m"})", "AccessDeniedException", "m"},
          Case{"com.amazon.coral.service#ThrottlingException", "{}", "ThrottlingException", ""},
          Case{"", R"({"__type":"com.amazon.coral#X_Exception:http://y#z","Message":"m"})",
               "X_Exception", "m"},
          Case{"", R"({"code":"A","Code":"B"})", "A", ""},
          Case{"", R"({"Code":"B","message":"lower","Message":"upper"})", "B", "lower"},
          Case{"", R"({"__type":17,"code":"C"})", "C", ""},
          Case{
              "",
              R"({"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"})",
              "UnknownOperationException", ""},
          Case{"",
               "<AccessDeniedException>\n  <Message>Unable to "
               "determine</Message>\n</AccessDeniedException>",
               "AccessDeniedException", "Unable to determine"},
          Case{"",
               "<?xml version=\"1.0\"?><ErrorResponse "
               "xmlns=\"x\"><Error><Code>Throttling</Code><Message>slow</Message></Error></"
               "ErrorResponse>",
               "Throttling", "slow"},
          Case{"", "<!DOCTYPE html>\n<HTML><head><TITLE>502 Bad Gateway</TITLE></head></HTML>", "",
               "an HTML page: 502 bad gateway"},
          Case{"", "<html>", "", "an HTML page"},
          Case{"", "upstream timed out\r\n", "", "upstream timed out"},
          Case{"", "", "", ""},
          Case{"", " \n", "", ""},
          Case{"", "{\"a\":", "", "{\"a\":"},
          Case{"", "[]", "", "[]"},
          Case{"bad code with spaces", R"({"Code":"B"})", "B", ""},
      }) {
    Headers headers;
    if (*c.header != '\0') {
      headers.push_back({"X-AMZN-ERRORTYPE", c.header});
    }
    const Error error = decodeServiceError({418, headers}, c.body);
    EXPECT_EQ(error.awsCode, c.code) << c.body;
    const std::string name = error.awsCode.empty() ? "HTTP status 418" : error.awsCode;
    EXPECT_EQ(error.message, *c.message != '\0' ? name + ": " + c.message : name);
    EXPECT_EQ(error.httpStatus, 418);
  }
}

TEST(ServiceError, AWrongHostIsToldFromAMissingPermission) {
  const struct {
    const char* body;
    Recovery recovery;
  } cases[] = {
      {"<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be "
       "authorized</Message>\n</AccessDeniedException>",
       kRefetchEndpoint},
      {R"({"__type":"AccessDeniedException","Message":"Unable to determine service/operation name"})",
       kRefetchEndpoint},
      {R"({"__type":"AccessDeniedException","Message":"User: arn:x is not authorized <here>"})",
       Recovery::kNone},
      {"<html><title>AccessDenied</title>", Recovery::kNone},
      {"<Error><Code>InvalidClientTokenId</Code></Error>", kRefreshCredentials},
  };
  for (const auto& c : cases) {
    const Error error = decodeServiceError({403, {}}, c.body);
    EXPECT_EQ(error.kind, kNotAuthorized) << c.body;
    EXPECT_EQ(error.recovery, c.recovery) << c.body;
  }
}

TEST(ServiceError, PagesOfProxiesCountByTheirStatus) {
  const std::string page = "<html><head><title>502 Bad Gateway</title></head></html>";
  for (const std::string& body : {page, std::string(), std::string("upstream timed out")}) {
    for (const int status : {500, 502, 503, 504, 200}) {
      EXPECT_EQ(decodeServiceError({status, {}}, body).recovery, kRetry) << status << body;
    }
    EXPECT_EQ(decodeServiceError({429, {}}, body).recovery, kThrottle) << body;
    EXPECT_EQ(decodeServiceError({403, {}}, body).recovery, Recovery::kNone) << body;
    EXPECT_EQ(decodeServiceError({302, {}}, body).recovery, Recovery::kNone) << body;
  }
}

TEST(ServiceError, RequestIdUnderEitherName) {
  EXPECT_EQ(requestIdOf({200, {{"X-AMZN-requestid", "a"}, {"x-amz-RequestId", "b"}}}), "a");
  EXPECT_EQ(requestIdOf({200, {{"X-Amz-RequestId", "b"}}}), "b");
  EXPECT_EQ(requestIdOf({200, {}}), "");
  EXPECT_EQ(decodeServiceError({500, {{"x-amzn-requestid", "a"}}}, "").requestId, "a");
}

TEST(ServiceError, RedirectsSaySo) {
  const Error error = decodeServiceError({307, {{"Location", "https://elsewhere/"}}}, "<html>");
  EXPECT_EQ(error.kind, kOpenRead);
  EXPECT_EQ(error.message, "HTTP status 307: a redirect, and redirects are not followed");
}

TEST(ServiceError, MessagesAreMadeFit) {
  EXPECT_EQ(cleanMessage("a\r\nb\tc\x7f"
                         "d  "),
            "a  b c d");
  EXPECT_EQ(cleanMessage(std::string(600, 'x')), std::string(500, 'x') + "...");
  const std::string odd = cleanMessage("a\xff\xfe z");
  EXPECT_TRUE(g_utf8_validate(odd.data(), static_cast<gssize>(odd.size()), nullptr));
  const std::string cut = cleanMessage(std::string(499, 'x') + "\xc3\xa4");
  EXPECT_TRUE(g_utf8_validate(cut.data(), static_cast<gssize>(cut.size()), nullptr));
  EXPECT_EQ(cleanMessage(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(cleanMessage("The signature does not match. The Canonical String for this request "
                         "should have been 'POST\nx-amz-security-token:SECRET'"),
            "The signature does not match.");
}

TEST(ServiceError, ContentTypesOfText) {
  for (const char* type : {"application/json", "Application/X-AMZ-JSON-1.1; charset=x", "text/html",
                           "application/xml", "text/plain"}) {
    EXPECT_TRUE(isTextual({200, {{"content-type", type}}})) << type;
  }
  for (const char* type :
       {"video/webm", "video/x-matroska", "application/octet-stream", "", "video/webm; x=json"}) {
    EXPECT_FALSE(isTextual({200, {{"content-type", type}}})) << type;
  }
}

TEST(ServiceError, HostileBodies) {
  for (const std::string& body :
       {std::string(200'000, '<'), std::string(200'000, '['), std::string("<Code></Code>"),
        std::string("</Code><Code>"), std::string("<"), std::string("<?"), std::string("<!"),
        std::string("<Message>") + std::string(100'000, 'x'), std::string(1000, '\0'),
        std::string("<html><title>"), std::string("<a\0b>", 5)}) {
    const Error error = decodeServiceError({400, {}}, body);
    EXPECT_EQ(error.kind, kSettings);
    EXPECT_LT(error.message.size(), 1000U);
  }
}

TEST(ServiceError, TheStringThatWasToBeSignedIsNeverTold) {
  for (const std::string& text : {std::string("No. The Canonical\nString was SECRET"),
                                  std::string("No. The\0Canonical String was SECRET", 35),
                                  std::string("No. THE CANONICAL STRING was SECRET")}) {
    EXPECT_EQ(cleanMessage(text), "No.");
  }
  // The title of a page is told in small letters.
  const Error page = decodeServiceError(
      {403, {}}, "<html><title>No. The Canonical String was SECRET</title></html>");
  EXPECT_EQ(page.message, "HTTP status 403: an HTML page: no.");
}

}  // namespace
}  // namespace kvsarchive::kvs
