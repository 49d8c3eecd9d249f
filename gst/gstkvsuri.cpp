// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstkvsuri.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "archive/time_expression.h"
#include "aws/region.h"
#include "base/c_ptr.h"
#include "base/clock.h"
#include "base/text.h"
#include "gstkvsproperty.h"
#include "kvs/stream_id.h"

using kvsarchive::CPtr;
using kvsarchive::Error;
using kvsarchive::Result;
using kvsarchive::Status;
using Text = CPtr<gchar, g_free>;

namespace {

constexpr const char* kForm =
    "write kvs://region/stream?start=now-1h, or kvs:///stream?start=now-1h";

struct Key {
  const char* name;
  guint property;
  const char* type;  ///< name of the property's; the enums are registered with the class
};

const Key kKeys[] = {
    {"start", GST_KVS_RANGE_PROP_START_TIMESTAMP, "gchararray"},
    {"end", GST_KVS_RANGE_PROP_END_TIMESTAMP, "gchararray"},
    {"selector", GST_KVS_RANGE_PROP_FRAGMENT_SELECTOR_TYPE, GST_KVS_SELECTOR_TYPE_NAME},
    {"timeline", GST_KVS_ARCHIVE_PROP_TIMELINE, "GstKvsArchiveTimeline"},
    {"lead-in", GST_KVS_ARCHIVE_PROP_LEAD_IN, "gboolean"},
    {"trim-end", GST_KVS_ARCHIVE_PROP_TRIM_END, "gboolean"},
};

/// A value of the type of a key's property.
class Value {
 public:
  explicit Value(const Key& key) { g_value_init(&value_, g_type_from_name(key.type)); }
  ~Value() { g_value_unset(&value_); }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  GValue* get() { return &value_; }
  bool isTime() const { return G_VALUE_HOLDS_STRING(&value_); }

 private:
  GValue value_ = G_VALUE_INIT;
};

Error bad(const std::string& why) {
  return kvsarchive::makeError(kvsarchive::ErrorKind::kSettings, "kvs:// URI: " + why);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

std::vector<std::string> choices(const GValue* value) {
  if (G_VALUE_HOLDS_BOOLEAN(value)) {
    return {"true", "false"};
  }
  std::vector<std::string> nicks;
  const auto* type = G_ENUM_CLASS(g_type_class_peek(G_VALUE_TYPE(value)));
  for (guint i = 0; i < type->n_values; ++i) {
    nicks.emplace_back(type->values[i].value_nick);
  }
  return nicks;
}

std::string text_of(const Key& key, GstKvsArchiveSettings* settings) {
  Value value(key);
  gst_kvs_archive_settings_get_property(settings, key.property, value.get());
  return value.isTime() ? gst_kvs_string_from_value(value.get())
                        : Text(gst_value_serialize(value.get())).get();
}

Status set_text(const Key& key, const std::string& text, GstKvsArchiveSettings* settings) {
  Value value(key);
  if (value.isTime()) {
    const auto time =
        kvsarchive::archive::parseTimeExpression(text, kvsarchive::systemClock().now());
    if (!time) {
      return bad(std::string(key.name) + ": " + time.error().message);
    }
    g_value_set_string(value.get(), text.c_str());
  } else {
    const auto words = choices(value.get());
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      return bad(std::string(key.name) + " is one of " + joined(words));
    }
    gst_value_deserialize(value.get(), text.c_str());
  }
  gst_kvs_archive_settings_set_property(settings, key.property, value.get());
  return {};
}

Error unknown_key(const std::string& name) {
  std::vector<std::string> names;
  for (const Key& key : kKeys) {
    names.emplace_back(key.name);
  }
  return bad("no key " + kvsarchive::quoted(name) + ", only " + joined(names) +
             "; all else is set by properties of the element");
}

Status read_query(const char* query, GstKvsArchiveSettings* settings) {
  GUriParamsIter iter;
  g_uri_params_iter_init(&iter, query, -1, "&", G_URI_PARAMS_NONE);
  std::set<std::string> seen;
  gchar* name = nullptr;
  gchar* value = nullptr;
  g_autoptr(GError) error = nullptr;
  while (g_uri_params_iter_next(&iter, &name, &value, &error) != FALSE) {
    const Text name_owner(name);
    const Text value_owner(value);
    const auto* const key = std::find_if(std::begin(kKeys), std::end(kKeys),
                                         [&](const Key& k) { return k.name == std::string(name); });
    if (key == std::end(kKeys)) {
      return unknown_key(name);
    }
    if (!seen.insert(name).second) {
      return bad(std::string(name) + " is in it twice");
    }
    Status stored = set_text(*key, value, settings);
    if (!stored) {
      return stored;
    }
  }
  // GLib's own texts quote what may be a secret in the wrong place; so it is below.
  return error != nullptr ? bad("behind ? is key=value&key=value, with UTF-8 in its %-codes")
                          : Status();
}

Result<GstKvsArchiveSettings> parse(const std::string& uri) {
  if (g_ascii_strncasecmp(uri.c_str(), "kvs://", 6) != 0) {
    return bad(std::string("it has to begin with kvs://; ") + kForm);
  }
  if (uri.substr(0, uri.find('?')).find('@') != std::string::npos) {
    return bad("it has no user name and no password; AWS credentials come from the environment, " +
               std::string("the AWS profile or properties"));
  }
  constexpr auto kFlags = static_cast<GUriFlags>(G_URI_FLAGS_NON_DNS | G_URI_FLAGS_ENCODED_QUERY);
  const CPtr<GUri, g_uri_unref> parts(g_uri_parse(uri.c_str(), kFlags, nullptr));
  if (!parts) {
    return bad(std::string("a wrong %-code in it, no UTF-8, or a port; ") + kForm);
  }
  if (g_uri_get_port(parts.get()) != -1 || g_uri_get_fragment(parts.get()) != nullptr) {
    return bad("it has no port and no #; an endpoint is set by AWS_ENDPOINT_URL_KINESIS_VIDEO");
  }
  GstKvsArchiveSettings settings;
  settings.connection.region = g_uri_get_host(parts.get());
  if (!settings.connection.region.empty()) {
    const auto region = kvsarchive::aws::checkRegion(settings.connection.region, "behind kvs://");
    if (!region) {
      return bad(region.error().message);
    }
  }
  settings.connection.streamName = g_uri_get_path(parts.get());
  settings.connection.streamName.erase(0, 1);  // the slash
  if (settings.connection.streamName.empty()) {
    return bad(std::string("no stream in it; ") + kForm);
  }
  const auto stream = kvsarchive::kvs::makeStreamId(settings.connection.streamName, "");
  if (!stream) {
    return bad(stream.error().message);
  }
  const char* query = g_uri_get_query(parts.get());
  const Status read = query != nullptr ? read_query(query, &settings) : Status();
  if (!read) {
    return read.error();
  }
  return settings;
}

std::string escaped(const std::string& text) {
  return Text(g_uri_escape_string(text.c_str(), ":+", FALSE)).get();
}

}  // namespace

Status gst_kvs_uri_to_settings(const std::string& uri, GstKvsArchiveSettings* settings) {
  auto parsed = uri.empty() ? GstKvsArchiveSettings() : parse(uri);
  if (!parsed) {
    return parsed.error();
  }
  settings->connection.streamName = parsed->connection.streamName;
  settings->connection.streamArn.clear();
  settings->connection.region = parsed->connection.region;
  for (const Key& key : kKeys) {
    Value value(key);
    gst_kvs_archive_settings_get_property(&*parsed, key.property, value.get());
    gst_kvs_archive_settings_set_property(settings, key.property, value.get());
  }
  return {};
}

std::string gst_kvs_uri_from_settings(GstKvsArchiveSettings* settings) {
  const auto& connection = settings->connection;
  std::string uri = "kvs://" + escaped(connection.region) + "/" + escaped(connection.streamName);
  GstKvsArchiveSettings defaults;
  char separator = '?';
  for (const Key& key : kKeys) {
    const std::string text = text_of(key, settings);
    if (text != text_of(key, &defaults)) {
      uri.append(1, separator).append(key.name).append("=").append(escaped(text));
      separator = '&';
    }
  }
  return connection.streamArn.empty() && parse(uri) ? uri : std::string();
}
