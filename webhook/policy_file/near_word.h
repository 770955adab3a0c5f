// Words told to somebody who mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ballast::webhook {

// "; did you mean check?": the nearest of `words` (case does not count), or empty where none is
// near: at most a third of the letters are wrong.
std::string DidYouMean(std::string_view written, std::span<const std::string_view> words);

// The one of `words` that somebody meant who wrote this, or empty: at most a quarter of the letters
// is wrong, so that short words that are words of their own (cpu, gpu) are not taken for each
// other.
std::string_view Meant(std::string_view written, std::span<const std::string_view> words);

// The one of `words` that this is but for one letter, or for the case of letters; or empty. Of long
// words that others may have made up in the same way.
std::string_view ButForALetter(std::string_view written, std::span<const std::string_view> words);

// "a, b and c".
std::string Enumerated(std::span<const std::string_view> words);

}  // namespace ballast::webhook
