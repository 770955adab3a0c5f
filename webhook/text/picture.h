// A picture of what a terminal shows, as SVG: for the README, made by the program itself.
#pragma once

#include <string>
#include <string_view>

namespace ballast::webhook {

// `text` may hold the colour sequences of Paint. One self-contained SVG on a dark ground.
std::string PictureOf(std::string_view text, std::string_view title);

}  // namespace ballast::webhook
