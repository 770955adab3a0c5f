// The two ways in which reading something ends: a value, or an error that names the place.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace ballast::policy {

// Malformed input. `where` is a JSON pointer, a file:line:column, a setting's key, or empty where
// the caller knows the place; `what` says what is wrong and what to write instead.
struct Error {
  std::string where;
  std::string what;

  bool operator==(const Error&) const = default;
};

// Either a T or an Error. Reading the one that is not there is a bug and throws bad_variant_access.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : value_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(value_); }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return std::get<T>(value_); }
  T& value() & { return std::get<T>(value_); }
  T&& value() && { return std::get<T>(std::move(value_)); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const { return std::get<Error>(value_); }

  T value_or(T fallback) const { return ok() ? value() : std::move(fallback); }

 private:
  std::variant<T, Error> value_;
};

}  // namespace ballast::policy
