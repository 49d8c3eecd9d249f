// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/retry_counts.h"

#include <gtest/gtest.h>

namespace kvsarchive::kvs {
namespace {

Error error(ErrorKind kind, int status, const char* code, Recovery recovery = Recovery::kRetry) {
  Error error = makeError(kind, std::string("because of ") + code);
  error.httpStatus = status;
  error.awsCode = code;
  error.recovery = recovery;
  return error;
}

TEST(RetryCounts, TellsCausesApart) {
  RetryCounts counts;
  counts.count(error(ErrorKind::kOpenRead, 0, ""));
  counts.count(error(ErrorKind::kRead, 200, ""));  // broke off
  EXPECT_EQ(counts.network, 2U);
  counts.count(error(ErrorKind::kOpenRead, 500, "InternalFailure"));
  counts.count(error(ErrorKind::kDecode, 200, ""));
  counts.count(error(ErrorKind::kRead, 200, "INTERNAL_ERROR"));  // within the media
  counts.count(error(ErrorKind::kOpenRead, 200, ""));            // HTML of something in between
  EXPECT_EQ(counts.service, 4U);
  counts.count(error(ErrorKind::kNotAuthorized, 403, "ExpiredTokenException",
                     Recovery::kRefreshCredentials));
  EXPECT_EQ(counts.access, 1U);
  EXPECT_EQ(counts.latest, "because of ExpiredTokenException");
  EXPECT_EQ(counts.all(), 7U);
}

}  // namespace
}  // namespace kvsarchive::kvs
