// The names of the fields that an object of a kind may have. Only where sizes and settings stand:
// they are for telling an author what was mistyped there, which an API server would drop without a
// word.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

namespace ballast::k8s {

struct FieldNames {
  std::string_view pointer;  // of the object that has them: "/spec/driver"
  std::span<const std::string_view> names;
};

// The names of both, for objects that have fields in common.
template <size_t kA, size_t kB>
constexpr std::array<std::string_view, kA + kB> Joined(const std::string_view (&a)[kA],
                                                       const std::string_view (&b)[kB]) {
  std::array<std::string_view, kA + kB> names;
  std::copy(std::begin(b), std::end(b), std::copy(std::begin(a), std::end(a), names.begin()));
  return names;
}

}  // namespace ballast::k8s
