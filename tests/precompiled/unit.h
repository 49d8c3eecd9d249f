// SPDX-License-Identifier: LGPL-2.1-or-later
// The same for the tests of src.

#include <gtest/gtest.h>

#include <random>

#include "../../src/precompiled/library.h"
