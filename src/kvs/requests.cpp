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

const char* nameOf(PlaybackMode mode) {
  switch (mode) {
    case PlaybackMode::kLive:
      return "LIVE";
    case PlaybackMode::kLiveReplay:
      return "LIVE_REPLAY";
    case PlaybackMode::kOnDemand:
      return "ON_DEMAND";
  }
  return "";
}

const char* nameOf(ContainerFormat format) {
  return format == ContainerFormat::kMpegTs ? "MPEG_TS" : "FRAGMENTED_MP4";
}

const char* nameOf(DiscontinuityMode mode) {
  switch (mode) {
    case DiscontinuityMode::kDefault:
      break;
    case DiscontinuityMode::kAlways:
      return "ALWAYS";
    case DiscontinuityMode::kNever:
      return "NEVER";
    case DiscontinuityMode::kOnDiscontinuity:
      return "ON_DISCONTINUITY";
  }
  return "";
}

const char* nameOf(DisplayMode mode) { return mode == DisplayMode::kAlways ? "ALWAYS" : "NEVER"; }

void writeSelector(JsonWriter& json, const SessionRequest& request) {
  json.beginObject().key("FragmentSelectorType").string(nameOf(request.selectorType));
  if (request.start) {
    json.key("TimestampRange").beginObject().key("StartTimestamp").time(*request.start);
    if (request.end) {
      json.key("EndTimestamp").time(*request.end);
    }
    json.endObject();
  }
  json.endObject();
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

std::string sessionUrlBody(const StreamId& stream, const SessionRequest& request) {
  const bool isHls = request.protocol == SessionProtocol::kHls;
  JsonWriter json;
  json.beginObject();
  writeStream(json, stream);
  json.key("PlaybackMode").string(nameOf(request.playbackMode));
  writeSelector(json.key(isHls ? "HLSFragmentSelector" : "DASHFragmentSelector"), request);
  if (isHls) {
    json.key("ContainerFormat").string(nameOf(request.containerFormat));
    if (request.discontinuityMode != DiscontinuityMode::kDefault) {
      json.key("DiscontinuityMode").string(nameOf(request.discontinuityMode));
    }
  }
  json.key("DisplayFragmentTimestamp").string(nameOf(request.displayFragmentTimestamp));
  if (!isHls) {
    json.key("DisplayFragmentNumber").string(nameOf(request.displayFragmentNumber));
  }
  json.key("Expires").integer(request.expires.count());
  if (request.maxFragments != 0) {
    json.key(isHls ? "MaxMediaPlaylistFragmentResults" : "MaxManifestFragmentResults")
        .integer(request.maxFragments);
  }
  return json.endObject().text();
}

}  // namespace kvsarchive::kvs
