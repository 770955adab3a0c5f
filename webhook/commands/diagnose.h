// `ballast diagnose`; see command_line.h.
#pragma once

#include "webhook/commands/command_line.h"

namespace ballast::webhook {

// Exits with kRejected where a finding is as bad as --fail-on says.
void AddDiagnose(Command app, ExitStatus& status);

}  // namespace ballast::webhook
