#include "webhook/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "webhook/commands/diagnose.h"
#include "webhook/commands/program_name.h"
#include "webhook/commands/unknown_word.h"
#include "webhook/text/terminal.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

// In the order in which --help lists them.
constexpr AddCommand kCommands[] = {
    AddCheck,   AddExplain, AddCapacity, AddAudit, AddDiagnose, AddPolicy, AddSnapshot,
    AddRestore, AddServe,   AddReview,   AddCerts, AddWebhook,  AddDemo,   AddCompletion,
};

constexpr const char* kAbout =
    "Keeps Spark jobs inside what a Kubernetes cluster can really hold.\n\n"
    "Ballast reads a Spark submission, computes to the mebibyte what Spark will ask Kubernetes\n"
    "for, holds that against the cluster and a policy, and admits, rewrites or rejects it.\n"
    "The same engine answers as an admission webhook (serve) and here.";

constexpr const char* kExamples =
    "Examples:\n"
    "  ballast check -f job.yaml --cluster nodes.yaml     what would happen to this job\n"
    "  kubectl get nodes -o yaml > nodes.yaml             where the cluster file comes from\n"
    "  ballast explain --conf spark.executor.memory=28g   where the memory of a pod goes\n"
    "  ballast capacity --cluster nodes.yaml --recommend  the shape that strands least\n"
    "  ballast diagnose logs-of-a-job/                    what it suffered from, and what to set\n"
    "  ballast demo                                       see it work, without a cluster\n\n"
    "Exit status: 0 admitted (rewritten or not), 1 rejected, 2 usage or input error,\n"
    "3 rewritten where --fail-on=rewrite was given.";

constexpr size_t kHelpColumn = 34;  // where the descriptions of options begin

// No line of any --help is wider than 100 columns.
void WrapDescriptions(CLI::App& app) {
  const std::string indent(kHelpColumn, ' ');
  for (CLI::Option* option : app.get_options()) {
    const std::string text = Wrapped(option->get_description(), indent);
    std::string lines;  // the library indents them itself
    for (size_t at = 0; at < text.size();) {
      const size_t end = std::min(text.find('\n', at), text.size());
      lines += (at == 0 ? "" : "\n") + text.substr(at, end - at);
      at = end == text.size() ? end : end + 1 + kHelpColumn;
    }
    option->description(lines);
  }
  for (CLI::App* command : app.get_subcommands({})) WrapDescriptions(*command);
}

// The texts that name commands, as the user calls them.
void NameCommands(CLI::App& app) {
  app.footer(AsCalled(app.get_footer()));
  for (CLI::Option* option : app.get_options()) {
    option->description(AsCalled(option->get_description()));
  }
  for (CLI::App* command : app.get_subcommands({})) NameCommands(*command);
}

}  // namespace

int RunCommandLine(int argc, const char* const* argv) {
  CLI::App app(kAbout);
  app.footer(kExamples);
  app.set_version_flag("--version", std::string("ballast ") + kVersion);
  app.require_subcommand(1);
  app.get_formatter()->column_width(kHelpColumn);
  ExitStatus status = ExitStatus::kAdmitted;
  for (const AddCommand add : kCommands) add(Command(&app), status);
  SetProgramName(argc > 0 ? argv[0] : "", CommandNames(app));
  app.name(ProgramName());
  NameCommands(app);
  WrapDescriptions(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& shown) {  // --help, --version
    return app.exit(shown);
  } catch (const CLI::ParseError& mistake) {
    const std::string unknown = UnknownWord(app, argc, argv);
    std::fprintf(stderr, "ballast: %s\n%s\n",
                 Harmless(unknown.empty() ? mistake.what() : unknown, false).c_str(),
                 AsCalled("Try `ballast --help`, or `ballast COMMAND --help`.").c_str());
    return static_cast<int>(ExitStatus::kUsage);
  } catch (const std::exception& failure) {  // the libraries' last word: nothing of ours throws
    std::fprintf(stderr, "ballast: %s\n", failure.what());
    return static_cast<int>(ExitStatus::kUsage);
  }
  return static_cast<int>(status);
}

}  // namespace ballast::webhook
