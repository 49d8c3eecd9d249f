// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "http/request.h"

namespace kvsemulator {

/// The request in canonical form, made of exactly the headers that are said to
/// be signed.
std::string canonicalRequest(const Request& request, const std::vector<std::string>& signedHeaders);

/// Signature (hex) that the holder of the secret gives to a request.
/// `scope`: "yyyymmdd/region/service/aws4_request"; `date`: value of
/// x-amz-date.
std::string signatureOf(const std::string& canonicalRequest, const std::string& secretKey,
                        const std::string& scope, const std::string& date);

}  // namespace kvsemulator
