// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/listing_answer.h"

#include "base/json_writer.h"

namespace kvsemulator {
namespace {

void writeFragment(JsonWriter& json, const FragmentInfo& info) {
  json.beginObject();
  json.key("FragmentLengthInMilliseconds").integer(info.lengthMs);
  json.key("FragmentNumber").text(info.number);
  json.key("FragmentSizeInBytes").integer(static_cast<int64_t>(info.sizeBytes));
  json.key("ProducerTimestamp").javaSeconds(info.producerMs);
  json.key("ServerTimestamp").javaSeconds(info.serverMs);
  json.endObject();
}

}  // namespace

std::string toJson(const ListingAnswer& listing) {
  JsonWriter json;
  json.beginObject().key("Fragments").beginArray();
  for (const FragmentInfo& fragment : listing.fragments) {
    writeFragment(json, fragment);
  }
  json.endArray().key("NextToken");
  if (listing.nextToken) {
    json.text(*listing.nextToken);
  } else {
    json.null();
  }
  return json.endObject().take();
}

}  // namespace kvsemulator
