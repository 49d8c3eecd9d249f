// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/connection.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "aws/ca_file.h"
#include "aws/endpoint.h"
#include "aws/imds_region.h"
#include "aws/max_attempts.h"
#include "aws/region.h"
#include "base/text.h"

namespace kvsarchive::kvs {
namespace {

constexpr const char* kAnyRegion = "us-east-1";

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

/// libcurl would send line breaks, and what stands behind them as headers.
Status checkUserAgent(const std::string& text) {
  if (std::any_of(text.begin(), text.end(), isControl)) {
    return about("user-agent", makeError(ErrorKind::kSettings,
                                         "it has characters that can't be sent in a header"));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::make(ConnectionSettings settings,
                                                     const Clock& clock) {
  std::unique_ptr<Connection> connection(new Connection(std::move(settings), clock));
  Status prepared = connection->prepare();
  if (!prepared) {
    return prepared.error();
  }
  return connection;
}

/// All that can be known without network.
Status Connection::prepare() {
  auto stream = makeStream(settings_);
  if (!stream) {
    return stream.error();
  }
  stream_ = std::move(*stream);
  const Status userAgent = checkUserAgent(settings_.network.userAgent);
  if (!userAgent) {
    return userAgent;
  }
  const Status proxy = http::checkProxy(settings_.network.proxy);
  if (!proxy) {
    return proxy.error();
  }
  ownKeys_ = std::make_unique<aws::StaticProvider>(settings_.keys);
  keys_ = ownKeys_.get();
  const auto given = keys_->credentials(CancelToken());
  if (!given && given.error().kind == ErrorKind::kSettings) {
    return given.error();
  }
  if (settings_.keysError) {
    return *settings_.keysError;
  }
  const Status device = prepareDevice();
  if (!device) {
    return device;
  }
  Status read = readConfig();
  return read ? findRegion() : read;
}

/// The AWS IoT device, if that is one.
Status Connection::prepareDevice() {
  if (!settings_.iot) {
    return {};
  }
  if (!*settings_.iot) {
    return settings_.iot->error();
  }
  aws::IotSettings& device = **settings_.iot;
  if (device.thingName.empty()) {
    device.thingName = nameOf(stream_);  // as kvssink has it
  }
  return aws::checkIotSettings(device);
}

/// What the files of AWS's tools say.
Status Connection::readConfig() {
  auto config = aws::SharedConfig::load();
  if (!config) {
    return config.error();
  }
  config_.emplace(std::move(*config));
  profileName_ = aws::profileName(settings_.profile);
  const auto profile = aws::findProfile(*config_, profileName_);
  if (!profile) {
    return profile.error();
  }
  profile_ = *profile;
  auto caFile = aws::findCaFile(settings_.network.caFile, *profile_);
  if (!caFile) {
    return caFile.error();
  }
  settings_.network.caFile = std::move(*caFile);
  if (settings_.retriesSet) {
    return {};
  }
  const auto attempts = aws::findMaxAttempts(*profile_);
  if (!attempts) {
    return attempts.error();
  }
  if (*attempts) {
    settings_.retry.retries = **attempts - 1;
  }
  return {};
}

Status Connection::findRegion() {
  auto region =
      aws::resolveRegion(settings_.region, regionOfArn(stream_.arn), profile_->get("region"));
  if (!region && region.error().kind != ErrorKind::kAbsent) {
    return region.error();
  }
  const auto imds = aws::imdsOptions(profile_);
  if (!region && imds && imds->disabled) {
    return aws::noRegion("");
  }
  // Without a region a bad endpoint can be told all the same.
  const auto endpoint = controlEndpoint(region ? *region : kAnyRegion);
  if (!endpoint) {
    return endpoint.error();
  }
  region_ = region ? *region : "";
  return {};
}

Result<std::string> Connection::controlEndpoint(const std::string& region) const {
  return aws::findEndpoint(aws::Service::kKinesisVideo,
                           {region, settings_.endpointUrl, &*config_, profile_});
}

Status Connection::open(const CancelToken& cancel) {
  const auto imds = aws::imdsOptions(profile_);
  if (region_.empty()) {
    auto region = aws::imdsRegion(settings_.network, imds, cancel);
    if (!region) {
      return region.error().kind == ErrorKind::kCancelled ? region.error()
                                                          : aws::noRegion(region.error().message);
    }
    region_ = std::move(*region);
  }
  auto endpoint = controlEndpoint(region_);
  if (!endpoint) {
    return endpoint.error();
  }
  aws::Identity identity{std::nullopt, settings_.credentialPath, profileName_};
  if (settings_.iot) {
    identity.iot = **settings_.iot;
  }
  const std::string paceName = region_ + ' ' + *endpoint + ' ' + nameOf(stream_);
  // Apart from those who read a stream of the same name with another account.
  const std::string endpointsName = paceName + ' ' + settings_.keys.accessKeyId + ' ' +
                                    profileName_.name + ' ' + settings_.credentialPath + ' ' +
                                    (identity.iot ? identity.iot->roleAlias : "");
  credentials_ = aws::makeProviders(std::move(ownKeys_), identity,
                                    {settings_.network, region_, &clock_, {}}, imds);
  transport_ = std::make_unique<http::CurlTransport>(settings_.network);
  client_ = std::make_unique<ArchivedMediaClient>(
      ClientOptions{stream_, region_, std::move(*endpoint), settings_.retry,
                    settings_.maxConnections, StreamPace::of(paceName),
                    EndpointCache::of(endpointsName)},
      *transport_, *credentials_, clock_);
  profile_ = nullptr;
  config_.reset();
  settings_.keys = {};
  return {};
}

}  // namespace kvsarchive::kvs
