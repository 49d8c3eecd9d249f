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

TEST(ServiceError, CodesAndStatusesAreClassified) {
  struct Case {
    const char* code;
    int status;
    ErrorKind kind;
  };
  for (const Case& c : {
           Case{"InvalidArgumentException", 400, kSettings},
           Case{"ResourceNotFoundException", 404, kNotFound},
           Case{"NoDataRetentionException", 400, kNotFound},
           Case{"NotAuthorizedException", 401, kNotAuthorized},
           Case{"AccessDeniedException", 400, kNotAuthorized},
           Case{"ExpiredTokenException", 403, kNotAuthorized},
           Case{"SignatureDoesNotMatch", 403, kNotAuthorized},
           Case{"RequestExpired", 400, kNotAuthorized},
           Case{"ClientLimitExceededException", 400, kBusy},
           Case{"ConnectionLimitExceededException", 400, kBusy},
           Case{"FragmentLimitExceeded", 400, kBusy},
           Case{"ThrottlingException", 400, kBusy},
           Case{"Throttling", 400, kBusy},
           Case{"InternalFailure", 500, kOpenRead},
           Case{"ServiceUnavailable", 503, kOpenRead},
           Case{"UnknownOperationException", 200, kSettings},
           Case{"SomethingNewException", 400, kSettings},
           Case{"SomethingNewException", 418, kOpenRead},
           Case{"Exception", 500, kOpenRead},
           Case{"", 400, kSettings},
           Case{"", 401, kNotAuthorized},
           Case{"", 403, kNotAuthorized},
           Case{"", 404, kNotFound},
           Case{"", 429, kBusy},
           Case{"", 500, kOpenRead},
           Case{"", 502, kOpenRead},
           Case{"", 301, kOpenRead},
           Case{"", 204, kOpenRead},
       }) {
    EXPECT_EQ(classify(c.code, c.status), c.kind) << c.code << " " << c.status;
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

}  // namespace
}  // namespace kvsarchive::kvs
