// `ballast diagnose --apply FILE`: the manifest with what is recommended.
#pragma once

#include <span>
#include <string>

#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/diagnose/diagnosis.h"

namespace ballast::webhook {

struct ApplyOptions {
  std::string manifest;  // empty: nothing is to be applied
  std::string namespace_name;
  InputOptions inputs;
};
void AddApplyOptions(Command command, ApplyOptions& options);

// Prints all documents of the manifest, the one Spark object of it as recommended: of several the
// one that has the application's name. Its settings are those of the run that ended last, and of
// the sizes of all runs.
ExitStatus ApplyDiagnoses(const ApplyOptions& options, std::span<const Diagnosis> all);

}  // namespace ballast::webhook
