#include "tests/fakes/show_json.h"

#include <ostream>

namespace nlohmann {

void PrintTo(const json& value, std::ostream* out) { *out << value; }
void PrintTo(const ordered_json& value, std::ostream* out) { *out << value; }

}  // namespace nlohmann
