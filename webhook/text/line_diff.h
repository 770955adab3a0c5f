// Two texts, line by line, as a unified diff.
#pragma once

#include <string>
#include <string_view>

#include "webhook/text/terminal.h"

namespace ballast::webhook {

// Three lines of context. Empty where the texts are equal. Texts of more than 20,000 lines together
// are shown as wholly replaced.
std::string LineDiff(std::string_view before, std::string_view after, std::string_view before_name,
                     std::string_view after_name, const Paint& paint);

}  // namespace ballast::webhook
