// SPDX-License-Identifier: LGPL-2.1-or-later
#include "aws/iot_provider.h"

#include <glib.h>

#include <algorithm>
#include <utility>

#include "aws/device_certificate.h"
#include "aws/json_credentials.h"
#include "aws/refusal.h"
#include "base/text.h"
#include "http/document.h"
#include "http/url.h"

namespace kvsarchive::aws {
namespace {

constexpr const char* kSource = "the AWS IoT credentials endpoint";
constexpr size_t kMaxRoleAlias = 128;
constexpr size_t kMaxThingName = 128;
constexpr int kOk = 200;

Error bad(const std::string& why) {
  return makeError(ErrorKind::kSettings, "iot-certificate: " + why);
}

bool isWord(const std::string& text, size_t maxSize, std::string_view others) {
  return text.size() <= maxSize && std::all_of(text.begin(), text.end(), [&](char c) {
           return g_ascii_isalnum(c) != 0 || others.find(c) != std::string_view::npos;
         });
}

Status checkTexts(const IotSettings& settings) {
  const std::pair<const char*, const std::string&> required[] = {
      {"endpoint", settings.endpoint},
      {"cert-path", settings.certPath},
      {"key-path", settings.keyPath},
      {"role-aliases", settings.roleAlias}};
  for (const auto& [name, value] : required) {
    if (value.empty()) {
      return bad(std::string(name) + " is not set");
    }
  }
  const auto url = http::parseUrl("https://" + settings.endpoint + "/");
  if (!url || settings.endpoint.find_first_of("/?#") != std::string::npos) {
    return bad(
        "endpoint must be a host name without https://, such as "
        "name.credentials.iot.eu-west-1.amazonaws.com");
  }
  if (!isWord(settings.roleAlias, kMaxRoleAlias, "_=,@-")) {
    return bad("role-aliases " + quoted(settings.roleAlias) + " is not the name of a role alias");
  }
  if (!isWord(settings.thingName, kMaxThingName, ":_-")) {
    return bad("iot-thing-name " + quoted(settings.thingName) + " is not the name of a thing");
  }
  return {};
}

http::CurlOptions withCertificate(http::CurlOptions network, const IotSettings& settings) {
  network.connectTimeout = settings.connectionTimeout;
  network.stallTimeout = settings.completionTimeout;
  network.clientCertificate = settings.certPath;
  network.clientKey = settings.keyPath;
  if (!settings.caPath.empty()) {
    network.caFile = settings.caPath;
  }
  return network;
}

}  // namespace

Status checkIotSettings(const IotSettings& settings) {
  Status texts = checkTexts(settings);
  if (!texts) {
    return texts;
  }
  const Status files = checkDeviceCertificate(settings.certPath, settings.keyPath, settings.caPath);
  return files ? files : bad(files.error().message);
}

IotProvider::IotProvider(http::CurlOptions network, IotSettings settings)
    : network_(withCertificate(std::move(network), settings)), settings_(std::move(settings)) {}

Result<Credentials> IotProvider::credentials(const CancelToken& cancel) {
  const Status checked = checkIotSettings(settings_);
  if (!checked) {
    return checked.error();
  }
  http::Request request;
  request.method = "GET";
  request.url =
      "https://" + settings_.endpoint + "/role-aliases/" + settings_.roleAlias + "/credentials";
  if (!settings_.thingName.empty()) {
    request.headers = {{"x-amzn-iot-thingname", settings_.thingName}};
  }
  const auto answer = http::fetchDocument(network_, request, {}, cancel);
  if (!answer) {
    return unanswered(kSource, answer.error());
  }
  if (answer->head.status != kOk) {
    return refusal(kSource, *answer, {});
  }
  CredentialMembers members;
  members.accessKeyId = "accessKeyId";
  members.secretKey = "secretAccessKey";
  members.sessionToken = "sessionToken";
  members.expiration = "expiration";
  members.inside = "credentials";
  return readCredentials(*answer, members, kSource);
}

}  // namespace kvsarchive::aws
