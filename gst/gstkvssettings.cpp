// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvssettings.h"

#include <utility>

#include "gstkvsidentity.h"
#include "gstkvsproperty.h"

using kvsarchive::kvs::ConnectionSettings;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Readable secrets would end up in pipeline graphs.
constexpr auto kWriteOnly =
    static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
constexpr auto kWriteOnlyInPlaying =
    static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
constexpr guint kMaxTimeoutSeconds = 86400;
constexpr double kMaxBackoffSeconds = 3600;

struct StringProperty {
  guint id;
  const char* name;
  const char* nick;
  const char* blurb;
  bool secret;
  std::string& (*field)(ConnectionSettings&);
};

const StringProperty kStrings[] = {
    {GST_KVS_PROP_STREAM_NAME, "stream-name", "Stream name",
     "Name of the stream; set either this or stream-arn", false,
     [](ConnectionSettings& s) -> std::string& { return s.streamName; }},
    {GST_KVS_PROP_STREAM_ARN, "stream-arn", "Stream ARN",
     "Amazon Resource Name of the stream; set either this or stream-name", false,
     [](ConnectionSettings& s) -> std::string& { return s.streamArn; }},
    {GST_KVS_PROP_AWS_REGION, "aws-region", "AWS region",
     "Region of the stream, e.g. eu-west-1 (NULL = the region of stream-arn, else AWS_REGION, "
     "AWS_DEFAULT_REGION, the profile's, the EC2 instance's)",
     false, [](ConnectionSettings& s) -> std::string& { return s.region; }},
    {GST_KVS_PROP_ENDPOINT_URL, "endpoint-url", "Endpoint URL",
     "URL of the control plane, for emulators and private endpoints (NULL = "
     "AWS_ENDPOINT_URL_KINESIS_VIDEO, else AWS_ENDPOINT_URL, the profile's, the region's)",
     false, [](ConnectionSettings& s) -> std::string& { return s.endpointUrl; }},
    {GST_KVS_PROP_USER_AGENT, "user-agent", "User agent",
     "User-Agent of HTTP requests (NULL = name and version of this plugin)", false,
     [](ConnectionSettings& s) -> std::string& { return s.network.userAgent; }},
    {GST_KVS_PROP_ACCESS_KEY, "access-key", "Access key",
     "AWS access key id, together with secret-key (NULL = credentials are looked for as AWS's "
     "tools do)",
     true, [](ConnectionSettings& s) -> std::string& { return s.keys.accessKeyId; }},
    {GST_KVS_PROP_SECRET_KEY, "secret-key", "Secret key",
     "AWS secret access key, together with access-key; never on a command line, where others can "
     "read it",
     true, [](ConnectionSettings& s) -> std::string& { return s.keys.secretKey; }},
    {GST_KVS_PROP_SESSION_TOKEN, "session-token", "Session token",
     "AWS session token that goes with temporary access-key and secret-key", true,
     [](ConnectionSettings& s) -> std::string& { return s.keys.sessionToken; }},
    {GST_KVS_PROP_PROFILE, "profile", "AWS profile",
     "Profile of the AWS config and credentials files (NULL = AWS_PROFILE, else default)", false,
     [](ConnectionSettings& s) -> std::string& { return s.profile; }},
    {GST_KVS_PROP_CREDENTIAL_PATH, "credential-path", "Credential path",
     "File with credentials in the format of kvssink", false,
     [](ConnectionSettings& s) -> std::string& { return s.credentialPath; }},
    {GST_KVS_PROP_PROXY, "proxy", "Proxy",
     "URL of the HTTP proxy (NULL = HTTPS_PROXY and the like); NO_PROXY counts for both", false,
     [](ConnectionSettings& s) -> std::string& { return s.network.proxy.url; }},
    {GST_KVS_PROP_PROXY_ID, "proxy-id", "Proxy user", "User name for the proxy", false,
     [](ConnectionSettings& s) -> std::string& { return s.network.proxy.user; }},
    {GST_KVS_PROP_PROXY_PW, "proxy-pw", "Proxy password", "Password for the proxy", true,
     [](ConnectionSettings& s) -> std::string& { return s.network.proxy.password; }},
    {GST_KVS_PROP_SSL_CA_FILE, "ssl-ca-file", "CA file",
     "PEM file with the certificate authorities to trust (NULL = AWS_CA_BUNDLE, else the "
     "profile's, the system's)",
     false, [](ConnectionSettings& s) -> std::string& { return s.network.caFile; }},
};

const StringProperty* find_string(guint id) {
  for (const auto& property : kStrings) {
    if (property.id == id) {
      return &property;
    }
  }
  return nullptr;
}

/// A URL without user and password, for whatever reads properties.
std::string without_user(const std::string& url) {
  const size_t at = url.rfind('@');
  if (at == std::string::npos) {
    return url;
  }
  const size_t slashes = url.find("//");
  return (slashes < at ? url.substr(0, slashes + 2) : "") + url.substr(at + 1);
}

guint to_seconds(milliseconds time) {
  return static_cast<guint>(duration_cast<seconds>(time).count());
}

}  // namespace

void gst_kvs_settings_install_properties(GObjectClass* klass) {
  for (const auto& property : kStrings) {
    g_object_class_install_property(
        klass, property.id,
        g_param_spec_string(property.name, property.nick, property.blurb, nullptr,
                            property.secret ? kWriteOnly : GST_KVS_PARAM_READWRITE));
  }
  g_object_class_install_property(
      klass, GST_KVS_PROP_CREDENTIALS,
      g_param_spec_boxed("credentials", "Credentials",
                         "AWS keys, all at once, also while playing: access-key, secret-key, "
                         "session-token",
                         GST_TYPE_STRUCTURE, kWriteOnlyInPlaying));
  g_object_class_install_property(
      klass, GST_KVS_PROP_IOT_CERTIFICATE,
      g_param_spec_boxed("iot-certificate", "IoT certificate",
                         "AWS IoT device to take credentials from, as kvssink has it: "
                         "iot-certificate,endpoint=..,cert-path=..,key-path=..,ca-path=..,"
                         "role-aliases=..[,iot-thing-name=..]",
                         GST_TYPE_STRUCTURE, kWriteOnly));
  const ConnectionSettings defaults;
  g_object_class_install_property(
      klass, GST_KVS_PROP_CONNECTION_TIMEOUT,
      g_param_spec_uint("connection-timeout", "Connection timeout",
                        "Seconds that looking up the host, connecting and TLS may take together", 1,
                        kMaxTimeoutSeconds, to_seconds(defaults.network.connectTimeout),
                        GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_PROP_TIMEOUT,
      g_param_spec_uint("timeout", "Timeout",
                        "Seconds without a single byte from the service after which a request has "
                        "failed",
                        1, kMaxTimeoutSeconds, to_seconds(defaults.network.stallTimeout),
                        GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_PROP_RETRIES,
      g_param_spec_int("retries", "Retries",
                       "Attempts without progress after the first; -1 = for ever (not set = "
                       "AWS_MAX_ATTEMPTS - 1, else the profile's, else 5)",
                       -1, G_MAXINT, defaults.retry.retries, GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_PROP_RETRY_BACKOFF_FACTOR,
      g_param_spec_double("retry-backoff-factor", "Retry backoff factor",
                          "Upper bound in seconds of the random delay before the first retry; it "
                          "doubles with each",
                          0, kMaxBackoffSeconds, defaults.retry.backoffFactor,
                          GST_KVS_PARAM_READWRITE));
  g_object_class_install_property(
      klass, GST_KVS_PROP_RETRY_BACKOFF_MAX,
      g_param_spec_double("retry-backoff-max", "Retry backoff maximum",
                          "Upper bound in seconds of the delay before any retry", 0,
                          kMaxBackoffSeconds, defaults.retry.backoffMax, GST_KVS_PARAM_READWRITE));
}

gboolean gst_kvs_settings_set_property(ConnectionSettings* settings, guint id,
                                       const GValue* value) {
  if (const StringProperty* property = find_string(id)) {
    std::string& field = property->field(*settings);
    if (property->secret) {
      kvsarchive::aws::wipe(field);
    }
    field = gst_kvs_string_from_value(value);
    return TRUE;
  }
  switch (id) {
    case GST_KVS_PROP_CREDENTIALS: {
      auto keys = gst_kvs_credentials_from_structure(gst_value_get_structure(value));
      settings->keysError.reset();
      if (keys) {
        settings->keys = std::move(*keys);
      } else {
        settings->keysError = keys.error();
      }
      return TRUE;
    }
    case GST_KVS_PROP_IOT_CERTIFICATE:
      settings->iot.reset();
      if (const GstStructure* structure = gst_value_get_structure(value)) {
        settings->iot = gst_kvs_iot_settings_from_structure(structure);
      }
      return TRUE;
    case GST_KVS_PROP_CONNECTION_TIMEOUT:
      settings->network.connectTimeout = seconds(g_value_get_uint(value));
      return TRUE;
    case GST_KVS_PROP_TIMEOUT:
      settings->network.stallTimeout = seconds(g_value_get_uint(value));
      return TRUE;
    case GST_KVS_PROP_RETRIES:
      settings->retry.retries = g_value_get_int(value);
      settings->retriesSet = true;
      return TRUE;
    case GST_KVS_PROP_RETRY_BACKOFF_FACTOR:
      settings->retry.backoffFactor = g_value_get_double(value);
      return TRUE;
    case GST_KVS_PROP_RETRY_BACKOFF_MAX:
      settings->retry.backoffMax = g_value_get_double(value);
      return TRUE;
    default:
      return FALSE;
  }
}

gboolean gst_kvs_settings_get_property(ConnectionSettings* settings, guint id, GValue* value) {
  if (const StringProperty* property = find_string(id)) {
    const std::string& text = property->field(*settings);
    const bool mayHavePassword = id == GST_KVS_PROP_PROXY || id == GST_KVS_PROP_ENDPOINT_URL;
    gst_kvs_string_to_value(mayHavePassword ? without_user(text) : text, value);
    return TRUE;
  }
  switch (id) {
    case GST_KVS_PROP_CONNECTION_TIMEOUT:
      g_value_set_uint(value, to_seconds(settings->network.connectTimeout));
      return TRUE;
    case GST_KVS_PROP_TIMEOUT:
      g_value_set_uint(value, to_seconds(settings->network.stallTimeout));
      return TRUE;
    case GST_KVS_PROP_RETRIES:
      g_value_set_int(value, settings->retry.retries);
      return TRUE;
    case GST_KVS_PROP_RETRY_BACKOFF_FACTOR:
      g_value_set_double(value, settings->retry.backoffFactor);
      return TRUE;
    case GST_KVS_PROP_RETRY_BACKOFF_MAX:
      g_value_set_double(value, settings->retry.backoffMax);
      return TRUE;
    default:
      return FALSE;
  }
}
