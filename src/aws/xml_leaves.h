// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace kvsarchive::aws {

/// The texts of a few elements of an XML document, each named by its path: "/Answer/Result/Key".
/// They are wiped when it goes.
class XmlLeaves {
 public:
  /// Errors: kDecode for what is no XML or is nested more than 16 deep, when one of the elements
  /// is there twice or has elements in it. Shows nothing of the text.
  static Result<XmlLeaves> read(std::string_view xml,
                                std::initializer_list<std::string> wantedPaths);

  XmlLeaves(XmlLeaves&&) = default;
  XmlLeaves& operator=(XmlLeaves&&) = delete;
  ~XmlLeaves();

  bool has(const std::string& path) const;
  /// Empty when absent.
  std::string text(const std::string& path) const;

 private:
  struct Leaf {
    bool isThere = false;
    std::string text;
  };
  struct Reader;

  XmlLeaves() = default;

  std::map<std::string, Leaf> leaves_;
};

}  // namespace kvsarchive::aws
