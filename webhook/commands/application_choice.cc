#include "webhook/commands/application_choice.h"

#include <CLI/CLI.hpp>

namespace ballast::webhook {

void AddApplicationChoice(CLI::App& command, ApplicationChoice& choice,
                          const std::string& manifests) {
  CLI::Option* files =
      command.add_option("-f,--filename", choice.manifests, manifests)->type_name("FILE");
  CLI::Option* one =
      command
          .add_option("-n,--namespace", choice.namespace_name,
                      "Of this namespace (default: the context's, or default); with -f, of\n"
                      "documents that do not name theirs")
          ->type_name("NAME");
  command.add_flag("-A,--all-namespaces", choice.all, "Of all namespaces")
      ->excludes(files)
      ->excludes(one);
}

bool HasApplications(const ApplicationChoice& choice, const InputOptions& options,
                     const Inputs& inputs, const std::string& command) {
  if (!choice.manifests.empty() || !options.snapshot.empty() || inputs.live) return true;
  Complain({command, "needs -f FILE, --snapshot FILE or a cluster (--context, KUBECONFIG)"});
  return false;
}

}  // namespace ballast::webhook
