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

/// An error of URIs of that form.
class Bad {
 public:
  explicit Bad(const GstKvsUriForm& form) : form_(form) {}

  Error operator()(const std::string& why) const {
    return kvsarchive::makeError(kvsarchive::ErrorKind::kSettings,
                                 std::string(form_.protocol) + ":// URI: " + why);
  }
  /// With how to write it.
  Error withForm(const std::string& why) const {
    const std::string scheme = std::string(form_.protocol) + "://";
    return (*this)(why + "; write " + scheme + "region/stream?" + form_.example + ", or " + scheme +
                   "/stream?" + form_.example);
  }

 private:
  const GstKvsUriForm& form_;
};

/// A value of the type of a key's property.
class Value {
 public:
  explicit Value(const GstKvsUriKey& key) { g_value_init(&value_, g_type_from_name(key.type)); }
  ~Value() { g_value_unset(&value_); }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;

  GValue* get() { return &value_; }
  bool isTime() const { return G_VALUE_HOLDS_STRING(&value_); }
  bool isNumber() const { return G_VALUE_HOLDS_UINT(&value_); }

 private:
  GValue value_ = G_VALUE_INIT;
};

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

std::string text_of(const GstKvsUriKey& key, GstKvsUriSettings& settings) {
  Value value(key);
  settings.get(key.property, value.get());
  return value.isTime() ? gst_kvs_string_from_value(value.get())
                        : Text(gst_value_serialize(value.get())).get();
}

/// The value that a text says, or what would be right.
Status read_value(const GstKvsUriKey& key, const std::string& text, Value& value, const Bad& bad) {
  const std::string name = key.name;
  if (value.isTime()) {
    const auto time =
        kvsarchive::archive::parseTimeExpression(text, kvsarchive::systemClock().now());
    if (!time) {
      return bad(name + ": " + time.error().message);
    }
    g_value_set_string(value.get(), text.c_str());
  } else if (value.isNumber()) {
    guint64 number = 0;
    if (g_ascii_string_to_unsigned(text.c_str(), 10, 0, key.greatest, &number, nullptr) == FALSE) {
      return bad(name + " is a number from 0 to " + std::to_string(key.greatest));
    }
    g_value_set_uint(value.get(), static_cast<guint>(number));
  } else {
    const auto words = choices(value.get());
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      return bad(name + " is one of " + joined(words));
    }
    gst_value_deserialize(value.get(), text.c_str());
  }
  return {};
}

Error unknown_key(const GstKvsUriForm& form, const std::string& name) {
  std::vector<std::string> names;
  for (const GstKvsUriKey& key : form.keys) {
    names.emplace_back(key.name);
  }
  return Bad(form)("no key " + kvsarchive::quoted(name) + ", only " + joined(names) +
                   "; all else is set by properties of the element");
}

Status read_query(const GstKvsUriForm& form, const char* query, GstKvsUriSettings& settings) {
  const Bad bad(form);
  GUriParamsIter iter;
  g_uri_params_iter_init(&iter, query, -1, "&", G_URI_PARAMS_NONE);
  std::set<std::string> seen;
  gchar* name = nullptr;
  gchar* text = nullptr;
  g_autoptr(GError) error = nullptr;
  while (g_uri_params_iter_next(&iter, &name, &text, &error) != FALSE) {
    const Text name_owner(name);
    const Text text_owner(text);
    const auto key = std::find_if(form.keys.begin(), form.keys.end(), [&](const GstKvsUriKey& k) {
      return k.name == std::string(name);
    });
    if (key == form.keys.end()) {
      return unknown_key(form, name);
    }
    if (!seen.insert(name).second) {
      return bad(std::string(name) + " is in it twice");
    }
    Value value(*key);
    Status good = read_value(*key, text, value, bad);
    if (!good) {
      return good;
    }
    settings.set(key->property, value.get());
  }
  // GLib's own texts quote what may be a secret in the wrong place; so it is below.
  return error != nullptr ? bad("behind ? is key=value&key=value, with UTF-8 in its %-codes")
                          : Status();
}

std::string escaped(const std::string& text) {
  return Text(g_uri_escape_string(text.c_str(), ":+", FALSE)).get();
}

}  // namespace

Status gst_kvs_uri_read(const GstKvsUriForm& form, const std::string& uri,
                        GstKvsUriSettings& fresh) {
  const Bad bad(form);
  const std::string scheme = std::string(form.protocol) + "://";
  if (g_ascii_strncasecmp(uri.c_str(), scheme.c_str(), scheme.size()) != 0) {
    return bad.withForm("it has to begin with " + scheme);
  }
  if (uri.substr(0, uri.find('?')).find('@') != std::string::npos) {
    return bad("it has no user name and no password; AWS credentials come from the environment, " +
               std::string("the AWS profile or properties"));
  }
  constexpr auto kFlags = static_cast<GUriFlags>(G_URI_FLAGS_NON_DNS | G_URI_FLAGS_ENCODED_QUERY);
  const CPtr<GUri, g_uri_unref> parts(g_uri_parse(uri.c_str(), kFlags, nullptr));
  if (!parts) {
    return bad.withForm("a wrong %-code in it, no UTF-8, or a port");
  }
  if (g_uri_get_port(parts.get()) != -1 || g_uri_get_fragment(parts.get()) != nullptr) {
    return bad("it has no port and no #; an endpoint is set by AWS_ENDPOINT_URL_KINESIS_VIDEO");
  }
  auto& connection = fresh.connection();
  connection.region = g_uri_get_host(parts.get());
  if (!connection.region.empty()) {
    const auto region =
        kvsarchive::aws::checkRegion(connection.region, ("behind " + scheme).c_str());
    if (!region) {
      return bad(region.error().message);
    }
  }
  connection.streamName = g_uri_get_path(parts.get());
  connection.streamName.erase(0, 1);  // the slash
  if (connection.streamName.empty()) {
    return bad.withForm("no stream in it");
  }
  const auto stream = kvsarchive::kvs::makeStreamId(connection.streamName, "");
  if (!stream) {
    return bad(stream.error().message);
  }
  const char* query = g_uri_get_query(parts.get());
  return query != nullptr ? read_query(form, query, fresh) : Status();
}

void gst_kvs_uri_copy(const GstKvsUriForm& form, GstKvsUriSettings& from, GstKvsUriSettings& to) {
  to.connection().streamName = from.connection().streamName;
  to.connection().streamArn.clear();
  to.connection().region = from.connection().region;
  for (const GstKvsUriKey& key : form.keys) {
    Value value(key);
    from.get(key.property, value.get());
    to.set(key.property, value.get());
  }
}

std::string gst_kvs_uri_write(const GstKvsUriForm& form, GstKvsUriSettings& settings,
                              GstKvsUriSettings& fresh) {
  const auto& connection = settings.connection();
  std::string uri = std::string(form.protocol) + "://" + escaped(connection.region) + "/" +
                    escaped(connection.streamName);
  char separator = '?';
  for (const GstKvsUriKey& key : form.keys) {
    const std::string text = text_of(key, settings);
    if (text != text_of(key, fresh)) {
      uri.append(1, separator).append(key.name).append("=").append(escaped(text));
      separator = '&';
    }
  }
  return connection.streamArn.empty() && gst_kvs_uri_read(form, uri, fresh) ? uri : std::string();
}
