// A field of a form as a browser sends it: application/x-www-form-urlencoded. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::webhook {

// The value of the first field of this name, decoded; nullopt where there is none. A '%' without
// two hex digits stands for itself.
std::optional<std::string> FormField(std::string_view body, std::string_view name);

}  // namespace ballast::webhook
