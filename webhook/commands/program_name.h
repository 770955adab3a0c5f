// How the user called this program: `ballast`, or `kubectl ballast` where kubectl found it on the
// path as its plugin. Said once, before the first command is made; then only read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::webhook {

// The name from the path of the program and the names of its commands.
void SetProgramName(std::string_view path, std::vector<std::string> commands);

bool IsKubectlPlugin();
// "ballast" or "kubectl ballast".
std::string ProgramName();

// A text for users in which commands are named as they call them: `ballast check` becomes `kubectl
// ballast check`. In a line of two columns the second stays where it is, if there is room.
std::string AsCalled(std::string_view text);

}  // namespace ballast::webhook
