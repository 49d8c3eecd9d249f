// SPDX-License-Identifier: LGPL-2.1-or-later
// What most sources include, compiled once with -Db_pch=true. Sources include what they use all the
// same: by default there is no precompiled header.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
