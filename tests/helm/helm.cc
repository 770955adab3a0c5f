#include "tests/helm/helm.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ballast::tests {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool Executable(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

}  // namespace

std::optional<std::string> FindHelm() {
  static const std::optional<std::string> kFound = []() -> std::optional<std::string> {
    if (const std::string named = Environment("HELM"); !named.empty()) return named;
    std::istringstream path(Environment("PATH"));
    for (std::string folder; std::getline(path, folder, ':');) {
      if (Executable(folder + "/helm")) return folder + "/helm";
    }
    const std::string built = Environment("HOME") + "/.cache/ballast-lab/bin/helm";
    if (Executable(built)) return built;
    return std::nullopt;
  }();
  return kFound;
}

ProgramResult RunHelm(const std::vector<std::string>& arguments) {
  std::vector<std::string> line = {"sh", "-c", "cd '" BALLAST_SOURCE_DIR "' && exec \"$@\"", "helm",
                                   FindHelm().value()};
  line.insert(line.end(), arguments.begin(), arguments.end());
  return RunProgram(line, "", {}, 60);
}

ProgramResult Render(const std::vector<std::string>& arguments) {
  // A helm that `go install` has built takes itself for one of Kubernetes 1.20.
  std::vector<std::string> line = {"template", "ballast",        "helm/ballast", "--namespace",
                                   "ballast",  "--kube-version", "1.36.3"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  return RunHelm(line);
}

std::string ReadSource(const std::string& name) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace ballast::tests
