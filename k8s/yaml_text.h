// What YAML forbids and yaml-cpp lets through, or takes for something else.
#pragma once

#include <optional>
#include <string_view>

#include "k8s/manifest.h"

namespace ballast::k8s {

struct BadText {
  SourcePlace place;
  std::string_view what;  // with the remedy; static storage
};

// The first control character or line that is not UTF-8; nullopt for none. yaml-cpp takes NUL for
// an escape and U+0004 for the end of the text, and passes bytes on as they are.
std::optional<BadText> FindBadText(std::string_view text);

// Whether a scalar as yaml-cpp gives it is text at all: it makes single bytes of the escapes \N and
// \_ in quotes.
bool IsUtf8(std::string_view scalar);
inline constexpr std::string_view kNoUtf8Scalar =
    "holds an escape that has no text here: write the character itself";

}  // namespace ballast::k8s
