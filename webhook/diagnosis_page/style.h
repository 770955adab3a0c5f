// The style of the page, from diagnosis.css.
#pragma once

#include <string_view>

namespace ballast::webhook {

extern const std::string_view kDiagnosisStyle;

}  // namespace ballast::webhook
