// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.h"
#include "kvs/fragment.h"

namespace kvsarchive::kvs {

/// The range in words: "between ... and ... UTC by its producer timestamp".
std::string describe(const FragmentSelector& selector);

/// ListFragments found nothing: an error of kind kNotFound that names the range.
Error emptyRange(const FragmentSelector& selector);

}  // namespace kvsarchive::kvs
