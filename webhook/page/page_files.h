// The page's files, which the binary carries (cmake/EmbedFiles.cmake).
#pragma once

#include <string_view>

namespace ballast::webhook {

extern const std::string_view kPageTemplate;  // page.html
extern const std::string_view kPageStyle;     // page.css
extern const std::string_view kPageScript;    // page.js

}  // namespace ballast::webhook
