// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/connection.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "aws/chain_provider.h"
#include "aws/endpoint.h"
#include "aws/environment.h"
#include "aws/environment_provider.h"
#include "aws/region.h"
#include "aws/static_provider.h"
#include "base/text.h"

namespace kvsarchive::kvs {
namespace {

/// Explicit keys, else the environment's. Errors: kSettings for half a key among the properties.
Result<std::unique_ptr<aws::CredentialsProvider>> makeCredentials(
    const ConnectionSettings& settings) {
  auto properties = std::make_unique<aws::StaticProvider>(
      aws::Credentials(settings.accessKey, settings.secretKey, settings.sessionToken));
  const auto explicitKeys = properties->credentials(CancelToken());
  if (!explicitKeys && explicitKeys.error().kind == ErrorKind::kSettings) {
    return explicitKeys.error();
  }
  std::vector<std::unique_ptr<aws::CredentialsProvider>> providers;
  providers.push_back(std::move(properties));
  providers.push_back(std::make_unique<aws::EnvironmentProvider>());
  return std::unique_ptr<aws::CredentialsProvider>(
      std::make_unique<aws::ChainProvider>(std::move(providers)));
}

/// Says which setting an error is about.
Error about(const char* setting, Error error) {
  error.message = std::string(setting) + ": " + error.message;
  return error;
}

Result<StreamId> makeStream(const ConnectionSettings& settings) {
  auto stream = makeStreamId(settings.streamName, settings.streamArn);
  if (stream || settings.streamName.empty() == settings.streamArn.empty()) {
    return stream;
  }
  return about(settings.streamName.empty() ? "stream-arn" : "stream-name", stream.error());
}

/// The retry options, with AWS_MAX_ATTEMPTS where the number of retries was not given.
Result<http::RetryOptions> makeRetry(const ConnectionSettings& settings) {
  constexpr const char* kVariable = "AWS_MAX_ATTEMPTS";
  http::RetryOptions retry = settings.retry;
  const std::string text = aws::environmentVariable(kVariable);
  if (settings.retriesSet || text.empty()) {
    return retry;
  }
  int attempts = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, attempts);
  if (parsed.ec != std::errc() || parsed.ptr != end || attempts < 1) {
    return about(kVariable, makeError(ErrorKind::kSettings,
                                      quoted(text) + " is not a whole number of 1 or more"));
  }
  retry.retries = attempts - 1;
  return retry;
}

/// libcurl would send line breaks, and what stands behind them as headers.
Status checkUserAgent(const std::string& text) {
  const auto isControl = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), isControl)) {
    return about("user-agent", makeError(ErrorKind::kSettings,
                                         "it has characters that can't be sent in a header"));
  }
  return {};
}

Status checkCaFile(const std::string& path) {
  // A folder can be opened, but not read.
  if (!path.empty() && std::ifstream(path).peek() == std::ifstream::traits_type::eof()) {
    return about("ssl-ca-file",
                 makeError(ErrorKind::kSettings, quoted(path) + " can't be read, or is empty"));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::make(const ConnectionSettings& settings,
                                                     const Clock& clock) {
  auto stream = makeStream(settings);
  if (!stream) {
    return stream.error();
  }
  auto region = aws::resolveRegion(settings.region, regionOfArn(stream->arn), "");
  if (!region) {
    return region.error().kind == ErrorKind::kAbsent ? aws::noRegion("") : region.error();
  }
  auto endpoint = aws::findEndpoint(aws::Service::kKinesisVideo, {*region, settings.endpointUrl});
  if (!endpoint) {
    return endpoint.error();
  }
  for (const Status& checked :
       {checkUserAgent(settings.network.userAgent), checkCaFile(settings.network.caFile)}) {
    if (!checked) {
      return checked.error();
    }
  }
  const auto retry = makeRetry(settings);
  if (!retry) {
    return retry.error();
  }
  auto credentials = makeCredentials(settings);
  if (!credentials) {
    return credentials.error();
  }
  std::unique_ptr<Connection> connection(new Connection());
  connection->credentials_ = std::move(*credentials);
  connection->transport_ = std::make_unique<http::CurlTransport>(settings.network);
  const std::string key = *region + ' ' + *endpoint + ' ' + nameOf(*stream);
  connection->client_ = std::make_unique<ArchivedMediaClient>(
      ClientOptions{std::move(*stream), std::move(*region), std::move(*endpoint), *retry,
                    settings.maxConnections, StreamPace::of(key)},
      *connection->transport_, *connection->credentials_, clock);
  return connection;
}

}  // namespace kvsarchive::kvs
