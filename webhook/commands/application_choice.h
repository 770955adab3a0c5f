// Which stored applications a command is about: those of manifests, else of the snapshot or of the
// live cluster.
#pragma once

#include <string>
#include <vector>

#include "webhook/commands/inputs.h"

namespace ballast::webhook {

struct ApplicationChoice {
  std::vector<std::string> manifests;  // -f
  std::string namespace_name;          // -n; with -f, of documents that do not name theirs
  bool all = false;                    // -A
};
// `manifests` says what those of -f are.
void AddApplicationChoice(Command command, ApplicationChoice& choice, const std::string& manifests);

// False where there is nothing to take applications from, which was printed.
bool HasApplications(const ApplicationChoice& choice, const InputOptions& options,
                     const Inputs& inputs, const std::string& command);

}  // namespace ballast::webhook
