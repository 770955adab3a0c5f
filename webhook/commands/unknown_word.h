// What to say of a command line with a word in it that is no command's and no option's name.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace ballast::webhook {

std::vector<std::string> CommandNames(const CLI::App& app);

// "there is no command chek; did you mean check?", or "check has no option --polcy; did you mean
// --policy?". Empty where every command and option exists. The library alone would take the value
// behind an unknown option for a name, and complain about that.
std::string UnknownWord(const CLI::App& app, int argc, const char* const* argv);

}  // namespace ballast::webhook
