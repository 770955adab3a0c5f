// The command line: `ballast COMMAND`. Each command is one file in commands/; the list is here.
#pragma once

namespace CLI {
class App;
}

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
using AddCommand = void (*)(CLI::App& app, ExitStatus& status);

void AddServe(CLI::App& app, ExitStatus& status);
void AddCheck(CLI::App& app, ExitStatus& status);
void AddAudit(CLI::App& app, ExitStatus& status);
void AddReview(CLI::App& app, ExitStatus& status);
void AddExplain(CLI::App& app, ExitStatus& status);
void AddCapacity(CLI::App& app, ExitStatus& status);
void AddPolicy(CLI::App& app, ExitStatus& status);
void AddPolicyTest(CLI::App& policy, ExitStatus& status);  // below `policy`
void AddSnapshot(CLI::App& app, ExitStatus& status);
void AddRestore(CLI::App& app, ExitStatus& status);
void AddCerts(CLI::App& app, ExitStatus& status);
void AddWebhook(CLI::App& app, ExitStatus& status);
void AddDemo(CLI::App& app, ExitStatus& status);
void AddCompletion(CLI::App& app, ExitStatus& status);

}  // namespace ballast::webhook
