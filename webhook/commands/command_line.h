// The command line: `ballast COMMAND`. Each command is one file in commands/; the list is here.
#pragma once

#include "webhook/commands/arguments.h"

namespace ballast::webhook {

// Exit statuses of every command.
enum class ExitStatus : int {
  kAdmitted = 0,   // done; every document is admitted, rewritten or not
  kRejected = 1,   // at least one document is rejected
  kUsage = 2,      // the command line or an input cannot be used
  kRewritten = 3,  // `check --fail-on=rewrite` and something is rewritten
};

// Runs what the arguments say and returns the exit status of the process.
int RunCommandLine(int argc, const char* const* argv);

// Adds a command to the app. When the user chose it, its callback sets `status`.
using AddCommand = void (*)(Command app, ExitStatus& status);

void AddServe(Command app, ExitStatus& status);
void AddCheck(Command app, ExitStatus& status);
void AddAudit(Command app, ExitStatus& status);
void AddReview(Command app, ExitStatus& status);
void AddExplain(Command app, ExitStatus& status);
void AddCapacity(Command app, ExitStatus& status);
void AddPolicy(Command app, ExitStatus& status);
void AddPolicyTest(Command policy, ExitStatus& status);  // below `policy`
void AddSnapshot(Command app, ExitStatus& status);
void AddRestore(Command app, ExitStatus& status);
void AddCerts(Command app, ExitStatus& status);
void AddWebhook(Command app, ExitStatus& status);
void AddDemo(Command app, ExitStatus& status);
void AddCompletion(Command app, ExitStatus& status);

}  // namespace ballast::webhook
