// Labels that have to fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ballast::webhook {

// At most `most` characters of UTF-8; what is longer ends with "…".
std::string Shortened(std::string_view text, size_t most);

}  // namespace ballast::webhook
