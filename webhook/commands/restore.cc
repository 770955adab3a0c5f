// `ballast restore`: what the user wrote, from an object that Ballast rewrote.

#include "webhook/admission/restore.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/print_yaml.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  std::vector<std::string> manifests;
  std::string output = "yaml";
};

ExitStatus Run(const Options& options) {
  const auto documents = LoadManifests(options.manifests);
  if (!documents) return ExitStatus::kUsage;
  bool first = true;
  for (const k8s::ManifestDocument& document : *documents) {
    const auto restored = Restore(document.object);
    if (!restored) {
      ComplainOf(document, restored.error());
      return ExitStatus::kUsage;
    }
    if (options.output == "json") {
      ShowText(k8s::PrintJson(*restored, 2) + "\n");
    } else {
      ShowText((first ? "" : "---\n") + PrintYaml(*restored));
    }
    first = false;
  }
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddRestore(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("restore", "Print what the user wrote, from an object that was rewritten");
  auto options = std::make_shared<Options>();
  command.AddOption("-f,--filename", options->manifests, "Stored object; - is standard input")
      .TypeName("FILE")
      .Required();
  command.AddOption("-o,--output", options->output, "How to print it")
      .OneOf({"yaml", "json"})
      .ShowDefault();
  command.SetFooter("Example:\n  kubectl get sparkapplication job -o yaml | ballast restore -f -");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
