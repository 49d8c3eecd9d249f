// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json_reader.h"
#include "faults/fault_target.h"
#include "http/reply.h"

namespace kvsemulator {

/// Spoils a reply.
using FaultAction = std::function<void(Reply& reply, const FaultTarget& target)>;

/// Faults of one request first change what is answered, then how it travels.
enum class FaultStage { kContent, kDelivery };

/// The requests that a kind of fault can meet at all.
enum class FaultScope {
  kAny,
  kMedia,     ///< GetMediaForFragmentList
  kListing,   ///< ListFragments
  kNextPage,  ///< ListFragments with a NextToken
  kData,      ///< all that is served at data endpoints
};

inline bool isAboutPages(FaultScope scope) {
  return scope == FaultScope::kListing || scope == FaultScope::kNextPage;
}

struct FaultKind {
  const char* name;
  FaultAction (*read)(JsonReader& json);  ///< reads the kind's own options
  FaultStage stage;
  FaultScope scope;
};

/// nullptr if there is none of that name.
const FaultKind* findFaultKind(const std::string& name);

/// Which fragment of a stream: a number from 1, or a word.
struct FragmentPosition {
  enum class Word { kNone, kFirst, kMiddle, kLast };
  Word word = Word::kNone;
  int64_t place = 0;
};

/// One entry of the list of faults: which requests it meets, and what it does
/// to them.
struct Fault {
  const FaultKind* kind = nullptr;
  std::string operation;           ///< empty = all
  std::string stream;              ///< name; empty = any
  std::optional<int64_t> request;  ///< the first that is met, counted from 1; none = every
  int64_t count = 1;               ///< how many in a row are met
  std::string fragment;            ///< number; empty = any
  std::optional<FragmentPosition> fragmentPosition;  ///< in the archive; stands for `fragment`
  int64_t fragmentIndex = 0;                         ///< place in the request, from 1; 0 = any
  FaultAction action;
  int64_t seen = 0;  ///< requests that it could have met so far

  bool namesFragment() const { return !fragment.empty() || fragmentPosition || fragmentIndex != 0; }
};

/// Reads one fault; problems go into the reader's error.
Fault readFault(JsonReader& json);

}  // namespace kvsemulator
