// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matroska/tags.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "matroska/ebml_element.h"
#include "matroska/ebml_ids.h"

namespace kvsarchive::matroska {
namespace {

constexpr std::string_view kServicePrefix = "AWS_KINESISVIDEO_";
/// For what the service writes about itself; fragment numbers have at most 128 digits.
constexpr size_t kMaxServiceValue = 500;

/// "1511852109.126": decimal text, since a detour over a double could be one millisecond off.
std::optional<UnixTime> parseTimestamp(std::string_view text) {
  int64_t seconds = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc() || text.front() == '-' || seconds >= kMaxUnixMillis / 1000) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
  int64_t millis = 0;
  if (!rest.empty()) {
    if (rest.front() != '.') {
      return std::nullopt;
    }
    rest.remove_prefix(1);
    for (size_t i = 0; i < std::max<size_t>(rest.size(), 3); ++i) {
      const char digit = i < rest.size() ? rest[i] : '0';
      if (digit < '0' || digit > '9') {
        return std::nullopt;
      }
      millis = i < 3 ? millis * 10 + (digit - '0') : millis;
    }
  }
  return unixTimeFromMillis(seconds * 1000 + millis);
}

/// True if `name` was one of the service's own.
bool takeServiceTag(std::string_view name, const std::string& text, ChunkTags* tags) {
  if (name.substr(0, kServicePrefix.size()) != kServicePrefix) {
    return false;
  }
  name.remove_prefix(kServicePrefix.size());
  const std::string value = oneLine(text, kMaxServiceValue);
  if (name == "FRAGMENT_NUMBER") {
    tags->fragmentNumber = value;
  } else if (name == "PRODUCER_TIMESTAMP" || name == "PRODUCER_SIDE_TIMESTAMP") {
    tags->producerTimestamp = parseTimestamp(text);
  } else if (name == "SERVER_TIMESTAMP" || name == "SERVER_SIDE_TIMESTAMP") {
    tags->serverTimestamp = parseTimestamp(text);
  } else if (name == "ERROR_CODE") {
    tags->errorCode = value;
  } else if (name == "ERROR_ID" || name == "EXCEPTION_ERROR_CODE") {
    tags->errorId = value;
  } else if (name == "EXCEPTION_MESSAGE") {
    tags->errorMessage = value;
  } else {
    // GetMedia's bookkeeping says nothing about the fragment; the other reserved names
    // (END_OF_FRAGMENT, NOTIFICATION ...) were written by the producer.
    return name == "MILLIS_BEHIND_NOW" || name == "CONTINUATION_TOKEN";
  }
  return true;
}

/// Takes the place of an older one of the same name. What is too much is counted only.
void addProducerTag(Tag tag, ChunkTags* tags) {
  Tag* known = nullptr;
  size_t bytes = tag.name.size() + tag.value.size();
  for (Tag& other : tags->producer) {
    if (other.name == tag.name) {
      known = &other;
    } else {
      bytes += other.name.size() + other.value.size();
    }
  }
  if (bytes > ChunkTags::kMaxProducerBytes ||
      (known == nullptr && tags->producer.size() == ChunkTags::kMaxProducerTags)) {
    ++tags->droppedTags;
  } else if (known != nullptr) {
    known->value = std::move(tag.value);
  } else {
    tags->producer.push_back(std::move(tag));
  }
}

Status addSimpleTag(std::string_view payload, ChunkTags* tags) {
  Tag tag;
  Status read = forEachChild(payload, [&](const Element& child) -> Status {
    if (child.id == ids::kTagName) {
      tag.name = readString(child.payload);
    } else if (child.id == ids::kTagString || child.id == ids::kTagBinary) {
      tag.value = readString(child.payload);
    }
    return {};
  });
  if (read && !tag.name.empty() && !takeServiceTag(tag.name, tag.value, tags)) {
    addProducerTag(std::move(tag), tags);
  }
  return read;
}

Status addTag(std::string_view payload, ChunkTags* tags) {
  return forEachChild(payload, [&](const Element& child) -> Status {
    return child.id == ids::kSimpleTag ? addSimpleTag(child.payload, tags) : Status();
  });
}

}  // namespace

Status addTags(std::string_view tagsPayload, ChunkTags* tags) {
  return forEachChild(tagsPayload, [&](const Element& child) -> Status {
    return child.id == ids::kTag ? addTag(child.payload, tags) : Status();
  });
}

}  // namespace kvsarchive::matroska
