// How GoogleTest shows JSON that is not what was expected. Without it each test source compiles
// nlohmann's printer, a second of its time.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>

namespace nlohmann {

void PrintTo(const json& value, std::ostream* out);
void PrintTo(const ordered_json& value, std::ostream* out);

}  // namespace nlohmann
