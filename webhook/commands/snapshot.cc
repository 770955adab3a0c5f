// `ballast snapshot`: policies, exceptions, cluster, namespaces and applications in one file, for
// `check --snapshot` and `policy diff --snapshot`.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "certs/store.h"
#include "k8s/json_text.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/snapshot_file/snapshot_file.h"
#include "webhook/text/terminal.h"
#include "webhook/version.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  std::vector<std::string> manifests;
  std::vector<std::string> settings;
  std::string namespace_name;
  bool all = false;
  std::string output = "-";
};

SnapshotFile MakeFile(Inputs inputs, const std::vector<std::string>& settings) {
  SnapshotFile file;
  file.taken_seconds = inputs.now_seconds;
  file.engine_version = kVersion;
  file.read_options = inputs.read_options;
  file.policies = inputs.policies.policies();
  file.exceptions = inputs.policies.exceptions();
  file.cluster = std::move(inputs.cluster);
  file.namespaces = std::move(inputs.namespaces);
  file.settings = NamedSettings(file.policies);
  file.settings.insert(file.settings.end(), settings.begin(), settings.end());
  for (policy::Workload& workload : inputs.applications) {
    file.applications.push_back(KeepJudged(std::move(workload), file.settings));
  }
  return file;
}

ExitStatus Run(const Options& options) {
  const auto documents = LoadManifests(options.manifests);
  if (!documents) return ExitStatus::kUsage;
  auto inputs = LoadInputs(options.inputs, {.namespace_name = options.namespace_name,
                                            .all = options.namespace_name.empty(),
                                            .documents = &*documents,
                                            .applications = true});
  if (!inputs) return ExitStatus::kUsage;
  auto workloads = ReadWorkloads(*documents, inputs->read_options, inputs->namespace_name);
  if (!workloads) return ExitStatus::kUsage;
  std::move(workloads->begin(), workloads->end(), std::back_inserter(inputs->applications));
  const SnapshotFile file = MakeFile(*std::move(inputs), options.settings);
  const std::string text = k8s::PrintJson(PrintSnapshot(file), 1) + "\n";
  if (options.output == "-") {
    ShowText(text);
    return ExitStatus::kAdmitted;
  }
  const auto written = certs::ReplaceFile(options.output, text, false);
  if (!written) {
    Complain(written.error());
    return ExitStatus::kUsage;
  }
  std::printf(
      "%s: policies %zu, exceptions %zu, classes of nodes %zu, namespaces %zu, "
      "applications %zu\n",
      options.output.c_str(), file.policies.size(), file.exceptions.size(),
      file.cluster.classes.size(), file.namespaces ? file.namespaces->size() : 0,
      file.applications.size());
  return ExitStatus::kAdmitted;
}

}  // namespace

void AddSnapshot(Command app, ExitStatus& status) {
  const Command command = app.AddSubcommand(
      "snapshot", "Everything that decisions follow from, in one file without secrets");
  auto options = std::make_shared<Options>();
  const Option one = command
                         .AddOption("-n,--namespace", options->namespace_name,
                                    "Only this namespace and its applications")
                         .TypeName("NAME");
  command.AddFlag("-A,--all-namespaces", options->all, "All namespaces (the default)")
      .Excludes(one);
  command
      .AddOption("-f,--filename", options->manifests,
                 "Applications to keep besides those of the cluster; repeatable")
      .TypeName("FILE");
  command
      .AddOption("--setting", options->settings,
                 "A setting that policies to come will name: kept besides those that are judged\n"
                 "anyway; repeatable")
      .TypeName("KEY")
      .OnePerName();
  command.AddOption("-o,--output", options->output, "Where to write it; - is standard output")
      .TypeName("FILE")
      .ShowDefault();
  AddInputOptions(command, options->inputs);
  command.SetFooter(
      "Of an application only what is judged is kept, never another setting.\n\n"
      "Examples:\n"
      "  ballast snapshot --context production -o cluster.json\n"
      "  ballast check -f job.yaml --snapshot cluster.json\n"
      "  ballast policy diff policy.yaml stricter.yaml --snapshot cluster.json");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
