// SPDX-License-Identifier: LGPL-2.1-or-later
// kvs:// URIs: what they set, what they never set, and which are refused.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/emulator_process.h"
#include "support/lone_element.h"

namespace kvsarchive::test {
namespace {

/// What a URI can set; for any other property it is as if there were none.
const std::vector<std::string> kSetByUri = {
    "stream-name",     "stream-arn",    "aws-region",
    "start-timestamp", "end-timestamp", "fragment-selector-type",
    "timeline",        "lead-in",       "trim-end"};
const std::set<std::string> kKeys = {"start", "end", "selector", "timeline", "lead-in", "trim-end"};
constexpr const char* kKeyList = "start, end, selector, timeline, lead-in, trim-end";

constexpr const char* kElement = "kvsarchivesrc";

using Texts = std::map<std::string, std::string>;

/// Every setting another one than the default, none by a URI.
void setAll(const LoneElement& element) {
  const std::pair<const char*, const char*> settings[] = {
      {"stream-arn", "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam9/1"},
      {"stream-name", "cam9"},
      {"aws-region", "eu-west-2"},
      {"endpoint-url", "http://127.0.0.1:1"},
      {"user-agent", "me"},
      {"access-key", "AKIDs3cr3t"},
      {"secret-key", "s3cr3t"},
      {"session-token", "s3cr3t"},
      {"profile", "cameras"},
      {"credential-path", "somewhere"},
      {"proxy", "http://proxy:1"},
      {"proxy-id", "proxyuser"},
      {"proxy-pw", "s3cr3t"},
      {"ssl-ca-file", "some.pem"},
      {"connection-timeout", "7"},
      {"timeout", "8"},
      {"retries", "9"},
      {"retry-backoff-factor", "2"},
      {"retry-backoff-max", "3"},
      {"start-timestamp", "now-3h"},
      {"end-timestamp", "now-2h"},
      {"fragment-selector-type", "server-timestamp"},
      {"timeline", "server"},
      {"lead-in", "false"},
      {"trim-end", "false"},
      {"duplicates", "all"},
      {"on-missing-fragment", "error"},
      {"on-track-change", "drop-tracks"},
      {"max-connections", "2"},
      {"prefetch-bytes", "70000"},
      {"post-fragment-messages", "true"},
  };
  for (const auto& [name, value] : settings) {
    element.set(name, value);
  }
}

const struct {
  const char* uri;
  const char* canonical;
  Texts set;  ///< what differs from the defaults
} kGood[] = {
    {"kvs:///cam1", "kvs:///cam1", {{"stream-name", "cam1"}}},
    {"KVS:///Cam_1.a-b", "kvs:///Cam_1.a-b", {{"stream-name", "Cam_1.a-b"}}},
    {"kvs://eu-west-1/cam1",
     "kvs://eu-west-1/cam1",
     {{"stream-name", "cam1"}, {"aws-region", "eu-west-1"}}},
    {"kvs://us-gov-west-1:/cam1?",
     "kvs://us-gov-west-1/cam1",
     {{"stream-name", "cam1"}, {"aws-region", "us-gov-west-1"}}},
    {"kvs:///%63am%31?st%61rt=now%2D1h&",
     "kvs:///cam1?start=now-1h",
     {{"stream-name", "cam1"}, {"start-timestamp", "now-1h"}}},
    {"kvs:///cam1?start=2026-03-01T11:00:00+01:00&end=2026-03-01T11:10:00%2B01:00",
     "kvs:///cam1?start=2026-03-01T11:00:00+01:00&end=2026-03-01T11:10:00+01:00",
     {{"stream-name", "cam1"},
      {"start-timestamp", "2026-03-01T11:00:00+01:00"},
      {"end-timestamp", "2026-03-01T11:10:00+01:00"}}},
    {"kvs:///cam1?end=1772359200.5&start=now-1d",
     "kvs:///cam1?start=now-1d&end=1772359200.5",
     {{"stream-name", "cam1"}, {"start-timestamp", "now-1d"}, {"end-timestamp", "1772359200.5"}}},
    {"kvs:///cam1?trim-end=false&lead-in=false&timeline=server&selector=server-timestamp",
     "kvs:///cam1?selector=server-timestamp&timeline=server&lead-in=false&trim-end=false",
     {{"stream-name", "cam1"},
      {"fragment-selector-type", "server-timestamp"},
      {"timeline", "server"},
      {"lead-in", "false"},
      {"trim-end", "false"}}},
    {"kvs:///cam1?end=now&selector=producer-timestamp&timeline=producer&lead-in=true&trim-end=true",
     "kvs:///cam1",
     {{"stream-name", "cam1"}}},
};

TEST(Uri, SetsWhatItSaysAndAllElseThatAUriCanSayToItsDefault) {
  const Texts defaults = LoneElement(kElement).all();
  for (const auto& c : kGood) {
    for (const bool byProperty : {false, true}) {
      const LoneElement element(kElement);
      setAll(element);
      Texts expected = element.all();
      for (const auto& name : kSetByUri) {
        expected[name] = defaults.at(name);
      }
      for (const auto& [name, value] : c.set) {
        expected[name] = value;
      }
      if (byProperty) {
        g_object_set(element.get(), "uri", c.uri, nullptr);
      } else {
        EXPECT_EQ(element.setUri(c.uri), "");
      }
      EXPECT_EQ(element.all(), expected) << c.uri;
      EXPECT_EQ(element.uri(), c.canonical) << c.uri;
      EXPECT_EQ(element.setUri(c.canonical), "");
      EXPECT_EQ(element.all(), expected) << c.canonical;
      EXPECT_EQ(element.uri(), c.canonical);
    }
  }
}

TEST(Uri, NoneUnsetsWhatAUriSets) {
  const Texts defaults = LoneElement(kElement).all();
  for (const char* none : {static_cast<const char*>(nullptr), ""}) {
    const LoneElement element(kElement);
    setAll(element);
    Texts expected = element.all();
    for (const auto& name : kSetByUri) {
      expected[name] = defaults.at(name);
    }
    g_object_set(element.get(), "uri", none, nullptr);
    EXPECT_EQ(element.all(), expected);
    EXPECT_EQ(element.uri(), "(NULL)");
  }
}

TEST(Uri, TellsWhatPropertiesSay) {
  const struct {
    Texts set;
    const char* uri;
  } cases[] = {
      {{}, "(NULL)"},
      {{{"start-timestamp", "now-1h"}}, "(NULL)"},
      {{{"aws-region", "eu-west-1"}}, "(NULL)"},
      {{{"stream-name", "cam1"}}, "kvs:///cam1"},
      {{{"stream-name", "cam1"},
        {"aws-region", "eu-west-1"},
        {"start-timestamp", "now-1h"},
        {"end-timestamp", "now-5s"},
        {"lead-in", "false"},
        {"duplicates", "all"}},
       "kvs://eu-west-1/cam1?start=now-1h&end=now-5s&lead-in=false"},
      {{{"stream-arn", "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam9/1"}}, "(NULL)"},
      {{{"stream-name", "cam9"},
        {"stream-arn", "arn:aws:kinesisvideo:eu-west-1:123456789012:stream/cam9/1"}},
       "(NULL)"},
      // What no good URI can say.
      {{{"stream-name", "no spaces"}}, "(NULL)"},
      {{{"stream-name", "cam1?start=0"}}, "(NULL)"},
      {{{"stream-name", ".."}}, "(NULL)"},
      {{{"stream-name", "a/b"}}, "(NULL)"},
      {{{"stream-name", "\xff"}}, "(NULL)"},
      {{{"stream-name", std::string(257, 'x')}}, "(NULL)"},
      {{{"stream-name", "cam1"}, {"aws-region", "me:secret@x"}}, "(NULL)"},
      {{{"stream-name", "cam1"}, {"aws-region", "x/y"}}, "(NULL)"},
      {{{"stream-name", "cam1"}, {"start-timestamp", "yesterday"}}, "(NULL)"},
      {{{"stream-name", "cam1"}, {"start-timestamp", "now&end=5"}}, "(NULL)"},
      {{{"stream-name", "cam1"}, {"end-timestamp", "now%"}}, "(NULL)"},
  };
  for (const auto& c : cases) {
    const LoneElement element(kElement);
    for (const auto& [name, value] : c.set) {
      element.set(name.c_str(), value.c_str());
    }
    const Texts before = element.all();
    EXPECT_EQ(element.uri(), c.uri);
    EXPECT_EQ(element.all(), before) << c.uri;
  }
}

TEST(Uri, HasNoSecrets) {
  const LoneElement element(kElement);
  EXPECT_EQ(element.setUri("kvs://eu-west-1/cam1?start=0"), "");
  for (const char* name : {"access-key", "secret-key", "session-token", "proxy-pw", "proxy-id",
                           "proxy", "endpoint-url", "profile", "credential-path"}) {
    element.set(name, "s3cr3t");
  }
  EXPECT_EQ(element.uri(), "kvs://eu-west-1/cam1?start=0");
}

struct BadUri {
  std::string uri;
  const char* text;  ///< part of the error
};

std::vector<BadUri> badUris() {
  const std::string longText(1'000'000, 'x');
  std::string manyKeys = "kvs:///cam1?start=0";
  for (int i = 0; i < 10'000; ++i) {
    manyKeys += "&end=now";
  }
  return {
      // No stream, or none that can be one.
      {"kvs:", "begin with kvs://; write kvs://region/stream"},
      {"kvs:/", "begin with kvs://; write kvs://region/stream"},
      {"kvs://", "no stream"},
      {"kvs:///", "no stream"},
      {"kvs://?", "no stream"},
      {"kvs://cam1", "no stream"},
      {"kvs://eu-west-1?start=0", "no stream"},
      {"kvs:///?start=0", "no stream"},
      {"kvs:cam1", "begin with kvs://; write kvs://region/stream"},
      {"kvs:/cam1", "begin with kvs://; write kvs://region/stream"},
      {"kvs:///cam1/", "not a stream name"},
      {"kvs:////cam1", "not a stream name"},
      {"kvs:///cam1/x", "not a stream name"},
      {"kvs:///cam%2F1", "not a stream name"},
      {"kvs:///cam%201", "not a stream name"},
      {"kvs:///cam 1", "not a stream name"},
      {"kvs:///cam+1", "not a stream name"},
      {"kvs:///cam1\n", "not a stream name"},
      {"kvs:///cam1%0AX", "not a stream name"},
      {"kvs:///c\xc3\xa4m", "not a stream name"},
      {"kvs:///arn:aws:kinesisvideo:eu-west-1:1:stream/cam/1", "not a stream name"},
      {"kvs:///" + std::string(257, 'x'), "not a stream name"},
      {"kvs:///" + longText, "not a stream name"},
      // Regions.
      {"kvs://EU-WEST-1/cam1", "region such as eu-west-1"},
      {"kvs://eu-west-1./cam1", "region such as eu-west-1"},
      {"kvs://us-east-1.evil.com/cam1", "region such as eu-west-1"},
      {"kvs://us-east-1%2eevil/cam1", "region such as eu-west-1"},
      {"kvs://evil%2f/cam1", "region such as eu-west-1"},
      {"kvs:// /cam1", "region such as eu-west-1"},
      {"kvs://[::1]/cam1", "region such as eu-west-1"},
      {"kvs://-x/cam1", "region such as eu-west-1"},
      {"kvs://eu-west-1%0d%0aX:y/cam1", "a port"},
      {"kvs://" + longText + "/cam1", "region such as eu-west-1"},
      // What has no place in it.
      {"kvs://me@eu-west-1/cam1", "no password"},
      {"kvs://AKID:s3cr3t@eu-west-1/cam1", "no password"},
      {"kvs://AKID:s3/cr3t@eu-west-1/cam1", "no password"},
      {"kvs://AKID/s3cr3t@eu-west-1/cam1", "no password"},
      {"kvs://@/cam1", "no password"},
      {"kvs://AKID:s3cr3t/cam1", "or a port; write kvs://region/stream"},
      {"kvs://eu-west-1:443/cam1", "no port"},
      {"kvs://:443/cam1", "no port"},
      {"kvs://eu-west-1:99999/cam1", "or a port; write kvs://region/stream"},
      {"kvs:///cam1#", "no #"},
      {"kvs:///cam1#s3cr3t", "no #"},
      {"kvs:///cam1?start=0#t=5", "no #"},
      // Encoding.
      {"kvs:///cam%00", "wrong %-code in it, no UTF-8"},
      {"kvs://%00/cam1", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam%", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam%4", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam%zz", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam%ff", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam%c3", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam\xff", "wrong %-code in it, no UTF-8"},
      {"kvs:///cam1?start=%00", "key=value"},
      {"kvs:///cam1?start=0%00", "key=value"},
      {"kvs:///cam1?start=%", "wrong %-code"},
      {"kvs:///cam1?start=%f", "wrong %-code"},
      {"kvs:///cam1?start=%zzs3cr3t", "wrong %-code"},
      {"kvs:///cam1?start=%ff", "key=value"},
      {"kvs:///cam1?start=%ed%a0%80", "key=value"},
      {"kvs:///cam1?%ff=0", "key=value"},
      {"kvs:///cam1?st%00art=0", "key=value"},
      // Keys.
      {"kvs:///cam1?start", "key=value"},
      {"kvs:///cam1?&", "key=value"},
      {"kvs:///cam1?start=0&&end=now", "key=value"},
      {"kvs:///cam1?=0", kKeyList},
      {"kvs:///cam1?Start=0", kKeyList},
      {"kvs:///cam1?start%20=0", kKeyList},
      {"kvs:///cam1??start=0", kKeyList},
      {"kvs:///cam1?start=0;x=1", "start: "},
      {"kvs:///cam1?gap-policy=close", kKeyList},
      {"kvs:///cam1?session-token=s3cr3t", kKeyList},
      {"kvs:///cam1?" + longText + "=s3cr3t", kKeyList},
      {"kvs:///cam1?start=0&start=0", "start is in it twice"},
      {"kvs:///cam1?lead-in=true&end=now&lead-in=false", "lead-in is in it twice"},
      {"kvs:///cam1?start=0&st%61rt=1", "start is in it twice"},
      {manyKeys, "end is in it twice"},
      // Values.
      {"kvs:///cam1?start=", "start: "},
      {"kvs:///cam1?end=", "end: "},
      {"kvs:///cam1?start=yesterday", "start: "},
      {"kvs:///cam1?start=2026-03-01T10:00:00", "start: "},
      {"kvs:///cam1?start=2026-03-01T10:00:00%2001:00", "start: "},
      {"kvs:///cam1?start=now%20", "start: "},
      {"kvs:///cam1?start=now-999999999d", "start: "},
      {"kvs:///cam1?end=2300-01-01T00:00:00Z", "end: "},
      {"kvs:///cam1?start=" + longText, "start: "},
      {"kvs:///cam1?selector=", "selector is one of producer-timestamp, server-timestamp"},
      {"kvs:///cam1?selector=server", "selector is one of producer-timestamp, server-timestamp"},
      {"kvs:///cam1?selector=1", "selector is one of producer-timestamp, server-timestamp"},
      {"kvs:///cam1?timeline=Server", "timeline is one of producer, server"},
      {"kvs:///cam1?timeline=server%20", "timeline is one of producer, server"},
      {"kvs:///cam1?lead-in=", "lead-in is one of true, false"},
      {"kvs:///cam1?lead-in=yes", "lead-in is one of true, false"},
      {"kvs:///cam1?trim-end=1", "trim-end is one of true, false"},
      {"kvs:///cam1?trim-end=" + longText, "trim-end is one of true, false"},
  };
}

void expectGoodText(const std::string& error, const BadUri& c) {
  const std::string name = c.uri.substr(0, 100);
  EXPECT_NE(error.find(c.text), std::string::npos) << name << ": " << error;
  EXPECT_LT(error.size(), 1000U) << name;
  EXPECT_EQ(error.find_first_of("\r\n"), std::string::npos) << name;
  EXPECT_TRUE(g_utf8_validate(error.c_str(), -1, nullptr)) << name;
  EXPECT_EQ(error.find("s3cr3t"), std::string::npos) << name << ": " << error;
  EXPECT_EQ(error.find("cr3t"), std::string::npos) << name << ": " << error;
}

TEST(Uri, BadOnesAreRefusedAndChangeNothing) {
  const LoneElement element(kElement);
  setAll(element);
  const Texts before = element.all();
  for (const BadUri& c : badUris()) {
    expectGoodText(element.setUri(c.uri), c);
    EXPECT_EQ(element.all(), before) << c.uri.substr(0, 100);
  }
}

TEST(Uri, BadOnesByPropertyAreToldAtTheStart) {
  std::vector<BadUri> cases = badUris();
  cases.push_back({"http://eu-west-1/cam1", "begin with kvs://; write kvs://region/stream"});
  cases.push_back({"cam1", "begin with kvs://; write kvs://region/stream"});
  cases.push_back({" kvs:///cam1", "begin with kvs://; write kvs://region/stream"});
  for (const BadUri& c : cases) {
    const LoneElement element(kElement);
    setAll(element);
    const Texts before = element.all();
    g_object_set(element.get(), "uri", c.uri.c_str(), nullptr);
    EXPECT_EQ(element.all(), before) << c.uri.substr(0, 100);
    expectGoodText(element.startError(), c);
  }
}

TEST(Uri, AGoodOneOrNoneMakesUpForABadOne) {
  const LoneElement element(kElement);
  for (const char* good : {"kvs:///cam1", ""}) {
    g_object_set(element.get(), "uri", "kvs:///cam1?x=y", nullptr);
    EXPECT_NE(element.startError().find("no key \"x\""), std::string::npos);
    g_object_set(element.get(), "uri", good, nullptr);
    EXPECT_NE(element.startError().find("start-timestamp"), std::string::npos);
  }
  g_object_set(element.get(), "uri", "kvs:///cam1?x=y", nullptr);
  EXPECT_EQ(element.setUri("kvs:///cam1"), "");
  EXPECT_NE(element.startError().find("start-timestamp"), std::string::npos);
}

TEST(Uri, NoOtherPropertyCanBeSetByALink) {
  const LoneElement element(kElement);
  const Texts before = element.all();
  guint count = 0;
  guint refused = 0;
  g_autofree GParamSpec** specs =
      g_object_class_list_properties(G_OBJECT_GET_CLASS(element.get()), &count);
  for (guint i = 0; i < count; ++i) {
    const std::string name = specs[i]->name;
    if (kKeys.count(name) == 0) {
      const std::string error = element.setUri("kvs:///cam1?start=0&" + name + "=1");
      EXPECT_NE(error.find(kKeyList), std::string::npos) << name;
      EXPECT_NE(error.find("\"" + name + "\""), std::string::npos) << error;
      ++refused;
    }
  }
  EXPECT_EQ(refused, count - 3);  // timeline, lead-in, trim-end
  EXPECT_EQ(element.all(), before);
}

TEST(Uri, DamagedOnesAreRefusedOrHaveACanonicalForm) {
  std::mt19937 random(7);
  const std::string alphabet =
      "kvs:/?&=%#@+;.-_ \x01\xff\xc3"
      "09azAZnow";
  const auto pick = [&](size_t size) {
    return std::uniform_int_distribution<size_t>(0, size - 1)(random);
  };
  int good = 0;
  int bad = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string uri = kGood[pick(std::size(kGood))].uri;
    for (size_t changes = pick(3) + 1; changes > 0; --changes) {
      const size_t at = pick(uri.size() - 4) + 4;  // another scheme never gets here
      switch (pick(3)) {
        case 0:
          uri.erase(at, pick(5) + 1);
          break;
        case 1:
          uri.insert(at, 1, alphabet[pick(alphabet.size())]);
          break;
        default:
          uri[at] = alphabet[pick(alphabet.size())];
          break;
      }
      uri += uri.size() < 8 ? "////" : "";
    }
    const LoneElement element(kElement);
    const Texts defaults = element.all();
    const std::string error = element.setUri(uri);
    if (!error.empty()) {
      ++bad;
      EXPECT_EQ(element.uri(), "(NULL)") << uri;
      EXPECT_TRUE(g_utf8_validate(error.c_str(), -1, nullptr)) << uri;
      continue;
    }
    ++good;
    const std::string canonical = element.uri();
    const Texts set = element.all();
    EXPECT_NE(set, defaults) << uri;
    EXPECT_EQ(element.setUri(canonical), "") << uri;
    EXPECT_EQ(element.uri(), canonical) << uri;
    EXPECT_EQ(element.all(), set) << uri;
  }
  EXPECT_GT(good, 100);
  EXPECT_GT(bad, 500);
}

TEST(Uri, FindsTheElement) {
  EXPECT_TRUE(gst_uri_protocol_is_supported(GST_URI_SRC, "kvs"));
  EXPECT_FALSE(gst_uri_protocol_is_supported(GST_URI_SINK, "kvs"));
  g_autoptr(GError) error = nullptr;
  GstElement* made =
      gst_element_make_from_uri(GST_URI_SRC, "kvs://eu-west-1/cam1", nullptr, &error);
  ASSERT_NE(made, nullptr);
  EXPECT_STREQ(GST_OBJECT_NAME(gst_element_get_factory(made)), "kvsarchivesrc");
  gst_object_unref(gst_object_ref_sink(made));
  EXPECT_EQ(gst_element_make_from_uri(GST_URI_SRC, "kvs:///cam1?x=y", nullptr, &error), nullptr);
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->domain, GST_URI_ERROR);
  EXPECT_EQ(error->code, GST_URI_ERROR_BAD_URI);
  EXPECT_NE(std::string(error->message).find(kKeyList), std::string::npos) << error->message;
}

TEST(Uri, IsAPropertyOfTheStoppedElement) {
  const LoneElement element(kElement);
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element.get()), "uri");
  ASSERT_NE(spec, nullptr);
  EXPECT_TRUE(G_IS_PARAM_SPEC_STRING(spec));
  EXPECT_EQ(spec->flags & G_PARAM_READWRITE, G_PARAM_READWRITE);
  EXPECT_NE(spec->flags & GST_PARAM_MUTABLE_READY, 0);
}

TEST(Uri, IsRefusedWhileItRuns) {
  const EmulatorProcess emulator(R"({"streams": [{"name": "cam1", "recordings": [
      {"type": "generated", "width": 64, "height": 64, "fragments": 2, "fragment-duration": 1,
       "fps": 5, "start": "2026-03-01T10:00:00Z"}]}]})");
  const std::string good = "kvs://us-east-1/cam1?start=2026-03-01T10:00:00Z";
  for (const GstState state : {GST_STATE_PAUSED, GST_STATE_PLAYING}) {
    GstElement* pipeline = gst_pipeline_new(nullptr);
    const LoneElement source(kElement);
    source.set("endpoint-url", emulator.url().c_str());
    source.set("access-key", kAccessKey);
    source.set("secret-key", kSecretKey);
    GstElement* sink = gst_element_factory_make("fakesink", nullptr);
    gst_bin_add_many(GST_BIN(pipeline), source.get(), sink, nullptr);
    gst_element_link(source.get(), sink);
    gst_element_set_state(pipeline, GST_STATE_READY);
    EXPECT_EQ(source.setUri("kvs:///other?start=0"), "");
    EXPECT_EQ(source.setUri(good), "");
    gst_element_set_state(pipeline, state);
    ASSERT_EQ(gst_element_get_state(pipeline, nullptr, nullptr, 20 * GST_SECOND),
              GST_STATE_CHANGE_SUCCESS);
    for (const char* uri : {"kvs:///other?start=0", "kvs:///cam1?x=y"}) {
      const std::string error = source.setUri(uri, GST_URI_ERROR_BAD_STATE);
      EXPECT_NE(error.find("NULL or READY"), std::string::npos) << error;
      EXPECT_EQ(source.uri(), good);
    }
    // The property is stored for the next start, as all are.
    g_object_set(source.get(), "uri", "kvs:///other?start=0", nullptr);
    EXPECT_EQ(source.uri(), "kvs:///other?start=0");
    gst_element_set_state(pipeline, GST_STATE_READY);
    EXPECT_EQ(source.setUri(good), "");
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(pipeline);
  }
}

}  // namespace
}  // namespace kvsarchive::test
