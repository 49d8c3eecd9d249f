// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace kvsemulator {

/// Wraps an error on its way into a Result.
template <typename E>
struct Failure {
  E error;
};

inline Failure<std::string> failure(std::string message) { return {std::move(message)}; }

/// A value or the reason why there is none.
template <typename T, typename E = std::string>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure<E> failed) : state_(std::in_place_index<1>, std::move(failed.error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return std::get<0>(state_); }
  T* operator->() { return &std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const E& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, E> state_;  // by index, as T and E may be one type
};

}  // namespace kvsemulator
