// SPDX-License-Identifier: LGPL-2.1-or-later
#include "faults/fault.h"

namespace kvsemulator {
namespace {

using Word = FragmentPosition::Word;

std::optional<FragmentPosition> readPosition(JsonReader& json) {
  constexpr const char* kName = "fragment-position";
  if (!json.has(kName)) {
    return std::nullopt;
  }
  if (json.isText(kName)) {
    return FragmentPosition{
        json.choice(kName, Word::kFirst,
                    {{"first", Word::kFirst}, {"middle", Word::kMiddle}, {"last", Word::kLast}}),
        0};
  }
  return FragmentPosition{Word::kNone, json.integer(kName, 1, 1, INT64_MAX)};
}

void readRequests(JsonReader& json, Fault& fault) {
  fault.request = json.integerOr("request", "every", 1);
  if (!json.has("count")) {
    return;
  }
  fault.count = json.integer("count", 1, 1, INT64_MAX);
  if (!json.has("request")) {
    fault.request = 1;
  } else if (!fault.request) {
    json.fail("count", "and every request exclude each other");
  }
}

bool isControlPlane(const std::string& operation) {
  return operation == "GetDataEndpoint" || operation == "DescribeStream" ||
         operation == "ListStreams";
}

std::string readOperation(JsonReader& json, FaultScope scope) {
  constexpr const char* kListing = "ListFragments";
  constexpr const char* kMedia = "GetMediaForFragmentList";
  const auto operation =
      json.choice<std::string>("operation", "",
                               {{"GetDataEndpoint", "GetDataEndpoint"},
                                {"DescribeStream", "DescribeStream"},
                                {"ListStreams", "ListStreams"},
                                {kListing, kListing},
                                {kMedia, kMedia},
                                {"GetClip", "GetClip"},
                                {"GetHLSStreamingSessionURL", "GetHLSStreamingSessionURL"},
                                {"GetDASHStreamingSessionURL", "GetDASHStreamingSessionURL"},
                                {"GetHLSMasterPlaylist", "GetHLSMasterPlaylist"},
                                {"GetHLSMediaPlaylist", "GetHLSMediaPlaylist"},
                                {"GetDASHManifest", "GetDASHManifest"},
                                {"GetMP4InitFragment", "GetMP4InitFragment"},
                                {"GetMP4MediaFragment", "GetMP4MediaFragment"},
                                {"GetTSFragment", "GetTSFragment"}});
  if (scope == FaultScope::kAny) {
    return operation;
  }
  if (scope == FaultScope::kData) {
    if (isControlPlane(operation)) {
      json.fail("operation", "must be one of a data endpoint for this kind");
    }
    return operation;
  }
  const std::string only = scope == FaultScope::kMedia ? kMedia : kListing;
  if (!operation.empty() && operation != only) {
    json.fail("operation", "must be " + only + " for this kind");
  }
  return only;
}

}  // namespace

Fault readFault(JsonReader& json) {
  Fault fault;
  fault.kind = findFaultKind(json.text("kind", ""));
  if (!fault.kind) {
    json.fail("kind", "is not a known kind of fault");
    return fault;
  }
  fault.operation = readOperation(json, fault.kind->scope);
  fault.stream = json.text("stream", "");
  readRequests(json, fault);
  fault.fragment = json.text("fragment", "");
  fault.fragmentPosition = readPosition(json);
  if (fault.fragmentPosition && !fault.fragment.empty()) {
    json.fail("fragment-position", "and fragment exclude each other");
  }
  fault.fragmentIndex = json.integer("fragment-index", 0, 1, 1000);
  if (fault.fragmentIndex != 0 && isAboutPages(fault.kind->scope)) {
    json.fail("fragment-index", "means nothing in a listing");
  }
  fault.action = fault.kind->read(json);
  json.finish();
  return fault;
}

}  // namespace kvsemulator
