#include "webhook/commands/application_choice.h"

namespace ballast::webhook {

void AddApplicationChoice(Command command, ApplicationChoice& choice,
                          const std::string& manifests) {
  const Option files =
      command.AddOption("-f,--filename", choice.manifests, manifests).TypeName("FILE");
  const Option one =
      command
          .AddOption("-n,--namespace", choice.namespace_name,
                     "Of this namespace (default: the context's, or default); with -f, of\n"
                     "documents that do not name theirs")
          .TypeName("NAME");
  command.AddFlag("-A,--all-namespaces", choice.all, "Of all namespaces")
      .Excludes(files)
      .Excludes(one);
}

bool HasApplications(const ApplicationChoice& choice, const InputOptions& options,
                     const Inputs& inputs, const std::string& command) {
  if (!choice.manifests.empty() || !options.snapshot.empty() || inputs.live) return true;
  Complain({command, "needs -f FILE, --snapshot FILE or a cluster (--context, KUBECONFIG)"});
  return false;
}

}  // namespace ballast::webhook
