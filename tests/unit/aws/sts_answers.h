// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace kvsarchive::aws {

/// What STS answers, as its reference shows it.
inline std::string stsAnswer(const std::string& operation, const std::string& id,
                             const std::string& expiration = "2026-03-01T11:00:00Z") {
  return "<" + operation + R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <)" + operation +
         R"(Result>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/demo/TestAR</Arn>
      <AssumedRoleId>ARO123EXAMPLE123:TestAR</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>)" +
         id + R"(</AccessKeyId>
      <SecretAccessKey>secret-of-)" +
         id + R"(</SecretAccessKey>
      <SessionToken>token-of-)" +
         id + R"(</SessionToken>
      <Expiration>)" +
         expiration + R"(</Expiration>
    </Credentials>
    <PackedPolicySize>6</PackedPolicySize>
  </)" + operation +
         R"(Result>
  <ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>
</)" + operation +
         "Response>\n";
}

inline std::string stsError(const std::string& code, const std::string& message) {
  return R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>)" +
         code + "</Code><Message>" + message + R"(</Message></Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>
)";
}

}  // namespace kvsarchive::aws
