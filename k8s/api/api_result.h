// How a call to the API server ends: a value, or an error that is a value too.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace ballast::k8s {

// What the server's Status object says; where none came, what kept it from coming.
struct ApiError {
  int status = 0;       // of HTTP; 0: no answer came
  std::string reason;   // Kubernetes' ("NotFound", "Conflict", "AlreadyExists", "Expired", ...) or
                        // one of ours, below
  std::string message;  // for people
  // The server asks to be left alone for so long; 0: it does not say.
  std::chrono::seconds retry_after{0};
  // Of a 410 to a page: where the rest of the list begins, as it is by now, for whom pages of
  // several moments will do; empty: there is none.
  std::string next = {};

  bool forbidden() const { return status == 403; }
  bool not_found() const { return status == 404; }
  // The resourceVersion or the continue token is too old: list anew.
  bool gone() const { return status == 410; }
  // Of the server's state and not of what was asked: the same may go well later.
  bool passing() const { return status == 429 || status >= 500; }
  bool operator==(const ApiError&) const = default;
};

// Reasons of our own. The first three have status 0.
inline constexpr std::string_view kUnreachable = "Unreachable";      // no connection, or it broke
inline constexpr std::string_view kStopped = "Stopped";              // the caller stopped it
inline constexpr std::string_view kMisconfigured = "Misconfigured";  // a file of ours is unreadable
inline constexpr std::string_view kTooLarge = "TooLarge";            // over a bound of ours
inline constexpr std::string_view kMalformed = "Malformed";          // not what an API server sends

// "the API server answered 409 Conflict: ..." or "the API server is unreachable: ...".
std::string Describe(const ApiError& error);

// Either a T or an ApiError. Reading the one that is not there is a bug and throws
// bad_variant_access.
template <typename T>
class [[nodiscard]] ApiResult {
 public:
  ApiResult(T value) : value_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  ApiResult(ApiError error) : value_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

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

  const ApiError& error() const { return std::get<ApiError>(value_); }

 private:
  std::variant<T, ApiError> value_;
};

}  // namespace ballast::k8s
