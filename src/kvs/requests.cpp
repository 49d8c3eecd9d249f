// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kvs/requests.h"

#include "kvs/json_writer.h"

namespace kvsarchive::kvs {
namespace {

void writeStream(JsonWriter& json, const StreamId& stream) {
  json.key(stream.name.empty() ? "StreamARN" : "StreamName").string(stream.text());
}

const char* nameOf(SelectorType type) {
  return type == SelectorType::kServerTimestamp ? "SERVER_TIMESTAMP" : "PRODUCER_TIMESTAMP";
}

void writeSelector(JsonWriter& json, const char* name, const FragmentSelector& selector) {
  json.key(name).beginObject();
  json.key("FragmentSelectorType").string(nameOf(selector.type));
  json.key("TimestampRange").beginObject();
  json.key("StartTimestamp").time(selector.start);
  json.key("EndTimestamp").time(selector.end);
  json.endObject().endObject();
}

}  // namespace

std::string getDataEndpointBody(const StreamId& stream, const std::string& apiName) {
  JsonWriter json;
  json.beginObject();
  writeStream(json, stream);
  json.key("APIName").string(apiName);
  return json.endObject().text();
}

std::string listFragmentsBody(const StreamId& stream, const FragmentSelector& selector,
                              int maxResults, const std::string& nextToken) {
  JsonWriter json;
  json.beginObject();
  writeStream(json, stream);
  json.key("MaxResults").integer(maxResults);
  if (!nextToken.empty()) {
    json.key("NextToken").string(nextToken);
  }
  writeSelector(json, "FragmentSelector", selector);
  return json.endObject().text();
}

std::string getMediaForFragmentListBody(const StreamId& stream,
                                        const std::vector<std::string>& fragmentNumbers) {
  JsonWriter json;
  json.beginObject();
  writeStream(json, stream);
  json.key("Fragments").beginArray();
  for (const std::string& number : fragmentNumbers) {
    json.string(number);
  }
  return json.endArray().endObject().text();
}

std::string getClipBody(const StreamId& stream, const FragmentSelector& selector) {
  JsonWriter json;
  json.beginObject();
  writeStream(json, stream);
  writeSelector(json, "ClipFragmentSelector", selector);
  return json.endObject().text();
}

}  // namespace kvsarchive::kvs
