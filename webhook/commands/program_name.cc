#include "webhook/commands/program_name.h"

#include <algorithm>
#include <utility>

namespace ballast::webhook {
namespace {

constexpr std::string_view kName = "ballast ";
constexpr std::string_view kPrefix = "kubectl ";

struct Called {
  bool plugin = false;
  std::vector<std::string> commands;
};

Called& ThisCall() {
  static Called called;
  return called;
}

// Whether "ballast " at this place is a command line rather than a word of a sentence.
bool IsCommandLine(std::string_view line, size_t at) {
  if (at > 0 && std::string_view(" `|(").find(line[at - 1]) == std::string_view::npos) return false;
  if (line.substr(0, at).ends_with(kPrefix)) return false;
  const std::string_view rest = line.substr(at + kName.size());
  const std::string_view word = rest.substr(0, rest.find_first_of(" `);:.,\n"));
  const auto& commands = ThisCall().commands;
  return word == "COMMAND" || word.starts_with("--") ||
         std::find(commands.begin(), commands.end(), word) != commands.end();
}

// The gap before a second column gives back what the name took, down to two blanks.
void Narrow(std::string& line, size_t from, size_t columns) {
  const size_t gap = line.find("   ", from);
  if (gap == std::string::npos) return;
  const size_t end = line.find_first_not_of(' ', gap);
  if (end == std::string::npos) return;
  line.erase(gap, std::min(columns, end - gap - 2));
}

std::string LineAsCalled(std::string line) {
  for (size_t at = line.find(kName); at != std::string::npos; at = line.find(kName, at + 1)) {
    if (!IsCommandLine(line, at)) continue;
    line.insert(at, kPrefix);
    at += kPrefix.size();
    Narrow(line, at, kPrefix.size());
  }
  return line;
}

}  // namespace

void SetProgramName(std::string_view path, std::vector<std::string> commands) {
  ThisCall() = {path.substr(path.rfind('/') + 1) == "kubectl-ballast", std::move(commands)};
}

bool IsKubectlPlugin() { return ThisCall().plugin; }

std::string ProgramName() { return IsKubectlPlugin() ? "kubectl ballast" : "ballast"; }

std::string AsCalled(std::string_view text) {
  if (!IsKubectlPlugin()) return std::string(text);
  std::string all;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    all += LineAsCalled(std::string(text.substr(0, end)));
    if (end < text.size()) all += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

}  // namespace ballast::webhook
