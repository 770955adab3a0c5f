// The names of the fields that an object of a kind may have. Only where sizes and settings stand:
// they are for telling an author what was mistyped there, which an API server would drop without a
// word.
#pragma once

#include <span>
#include <string_view>

namespace ballast::k8s {

struct FieldNames {
  std::string_view pointer;  // of the object that has them: "/spec/driver"
  std::span<const std::string_view> names;
};

}  // namespace ballast::k8s
