// JSON text, read and written by nlohmann's parser and printer. Each source that instantiates those
// takes two seconds longer to compile, and forty of them needed nothing else.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace ballast::k8s {

// Discarded (is_discarded()) where the text is not JSON.
nlohmann::json ParseJson(std::string_view text);

// Indented by so many blanks; -1: on one line. Bytes that are no UTF-8 become U+FFFD.
std::string PrintJson(const nlohmann::json& value, int indent = -1);
std::string PrintJson(const nlohmann::ordered_json& value, int indent = -1);

}  // namespace ballast::k8s
