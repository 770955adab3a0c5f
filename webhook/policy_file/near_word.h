// "Did you mean": the word that somebody who mistyped probably meant.
#pragma once

#include <span>
#include <string_view>

namespace ballast::webhook {

// The nearest of `words` (case does not count), or empty where none is near: at most a third of the
// letters are wrong.
std::string_view NearWord(std::string_view written, std::span<const std::string_view> words);

}  // namespace ballast::webhook
