// JSON text, read and written by nlohmann's parser and printer. Each source that instantiates those
// takes two seconds longer to compile.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ballast::k8s {

// Discarded (is_discarded()) where the text is not JSON. A byte order mark before it is passed
// over, and so is everything from a NUL on.
nlohmann::json ParseJson(std::string_view text);

// Indented by so many blanks; -1: on one line. Bytes that are no UTF-8 become U+FFFD.
std::string PrintJson(const nlohmann::json& value, int indent = -1);
std::string PrintJson(const nlohmann::ordered_json& value, int indent = -1);

// A text as it is, any other value as JSON.
std::string TextOrJson(const nlohmann::json& value);

}  // namespace ballast::k8s
