// Text into HTML. Whatever is given, what comes out is text there and never markup, in valid UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace ballast::webhook {

// For text and for values of attributes in double quotes. Bytes that are no UTF-8, and control
// characters but line breaks and tabs, become U+FFFD.
std::string Escaped(std::string_view text);

// A name that somebody else has chosen: isolated, so that letters that run from right to left, or
// say that they do, change nothing around it.
std::string Foreign(std::string_view text);

}  // namespace ballast::webhook
