// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "aws/imds_options.h"
#include "base/cancel_token.h"
#include "base/result.h"
#include "http/curl_transport.h"

namespace kvsarchive::aws {

/// The region of the EC2 instance that this runs on, from its metadata service: placement/region,
/// or, where a service does not have that, placement/availability-zone without its last letter.
/// `options` may be the error of imdsOptions(), which is handed back.
/// Blocks: as ImdsClient. Errors: as ImdsClient::get(), kSettings for bad options; kAbsent also if
/// the service knows of no region, kDecode if its answer can't be one.
Result<std::string> imdsRegion(const http::CurlOptions& network, const Result<ImdsOptions>& options,
                               const CancelToken& cancel);

}  // namespace kvsarchive::aws
