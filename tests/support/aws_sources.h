// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <vector>

#include "support/aws_scene.h"

namespace kvsarchive::test {

/// The keys that each source gives, with a token.
inline constexpr const char* kGivenKey = "ASIAGIVENKEY";
inline constexpr const char* kRegion = "eu-west-1";

/// One of the places where credentials are found.
struct AwsSource {
  const char* name;
  /// Makes it the only one that has some, for an element that has all else but the region. Adds
  /// what is secret in it, and a check of what is asked for once.
  void (*setUp)(AwsScene& scene, GstElement* element);
};

const std::vector<AwsSource>& awsSources();

}  // namespace kvsarchive::test
