// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsidentity.h"

#include <map>
#include <set>
#include <string>

#include "base/text.h"

using kvsarchive::Error;
using kvsarchive::ErrorKind;
using kvsarchive::makeError;
using kvsarchive::Result;
using kvsarchive::aws::Credentials;
using kvsarchive::aws::IotSettings;

namespace {

constexpr guint64 kMaxTimeoutSeconds = 86400;

Error bad(const char* property, const std::string& why) {
  return makeError(ErrorKind::kSettings, std::string(property) + ": " + why);
}

/// Names and texts, some of which may be secret.
struct Fields : std::map<std::string, std::string> {
  Fields() = default;
  Fields(const Fields&) = default;
  Fields& operator=(const Fields&) = default;
  ~Fields() {
    for (auto& [name, text] : *this) {
      kvsarchive::aws::wipe(text);
    }
  }
};

/// The fields as texts. Errors: a field that is none of `known`, or no text; a number is one only
/// in `numbers`, since gst-launch makes one of "3".
Result<Fields> read_fields(const char* property, const GstStructure* structure,
                           const std::set<std::string>& known,
                           const std::set<std::string>& numbers) {
  Fields fields;
  for (gint i = 0; i < gst_structure_n_fields(structure); ++i) {
    const gchar* const name = gst_structure_nth_field_name(structure, static_cast<guint>(i));
    if (known.count(name) == 0) {
      return bad(property, "there is no field " + kvsarchive::quoted(name));
    }
    const GValue* const value = gst_structure_get_value(structure, name);
    if (G_VALUE_HOLDS_STRING(value)) {
      const gchar* const text = g_value_get_string(value);
      fields[name] = text != nullptr ? text : "";
    } else if (G_VALUE_HOLDS_INT(value) && numbers.count(name) != 0) {
      fields[name] = std::to_string(g_value_get_int(value));
    } else if (G_VALUE_HOLDS_UINT(value) && numbers.count(name) != 0) {
      fields[name] = std::to_string(g_value_get_uint(value));
    } else {
      return bad(property,
                 std::string(name) + " is no string; in a launch line, put (string) before it");
    }
  }
  return fields;
}

/// Seconds, if they are there.
Result<std::chrono::milliseconds> read_seconds(const std::string& name, const std::string& text,
                                               std::chrono::milliseconds otherwise) {
  guint64 seconds = 0;
  if (text.empty()) {
    return otherwise;
  }
  if (g_ascii_string_to_unsigned(text.c_str(), 10, 1, kMaxTimeoutSeconds, &seconds, nullptr) ==
      FALSE) {
    return bad("iot-certificate", name + " is not a number of seconds from 1 to 86400");
  }
  return std::chrono::milliseconds(std::chrono::seconds(seconds));
}

}  // namespace

Result<Credentials> gst_kvs_credentials_from_structure(const GstStructure* structure) {
  constexpr const char* kProperty = "credentials";
  if (structure == nullptr) {
    return Credentials();
  }
  auto fields =
      read_fields(kProperty, structure, {"access-key", "secret-key", "session-token"}, {});
  if (!fields) {
    return fields.error();
  }
  for (const char* needed : {"access-key", "secret-key"}) {
    if ((*fields)[needed].empty()) {
      return bad(kProperty, std::string("the field ") + needed + " is missing");
    }
  }
  return Credentials((*fields)["access-key"], (*fields)["secret-key"], (*fields)["session-token"]);
}

Result<IotSettings> gst_kvs_iot_settings_from_structure(const GstStructure* structure) {
  auto fields = read_fields("iot-certificate", structure,
                            {"endpoint", "cert-path", "key-path", "ca-path", "role-aliases",
                             "iot-thing-name", "connection-timeout", "completion-timeout"},
                            {"connection-timeout", "completion-timeout"});
  if (!fields) {
    return fields.error();
  }
  IotSettings settings;
  settings.endpoint = (*fields)["endpoint"];
  settings.certPath = (*fields)["cert-path"];
  settings.keyPath = (*fields)["key-path"];
  settings.caPath = (*fields)["ca-path"];
  settings.roleAlias = (*fields)["role-aliases"];
  settings.thingName = (*fields)["iot-thing-name"];
  for (auto [name, timeout] : {std::pair("connection-timeout", &settings.connectionTimeout),
                               std::pair("completion-timeout", &settings.completionTimeout)}) {
    const auto seconds = read_seconds(name, (*fields)[name], *timeout);
    if (!seconds) {
      return seconds.error();
    }
    *timeout = *seconds;
  }
  return settings;
}
