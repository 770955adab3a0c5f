// `ballast policy lint|show|schema|diff`; `policy test` is in policy_test.cc.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "policy/judged_settings.h"
#include "policy/policy_advice.h"
#include "policy/replace_setting.h"
#include "webhook/commands/application_choice.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/policy_file/policy_crd.h"
#include "webhook/policy_file/policy_diff.h"
#include "webhook/policy_file/policy_show.h"
#include "webhook/policy_file/policy_yaml.h"
#include "webhook/policy_file/yaml_tree.h"
#include "webhook/snapshot_file/snapshot_file.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

// Status 2 where a file has a mistake; every mistake of every file is told.
ExitStatus Lint(const std::vector<std::string>& files) {
  ExitStatus status = ExitStatus::kAdmitted;
  for (const std::string& path : files) {
    const auto text = ReadWholeFile(path);
    if (!text) return ExitStatus::kUsage;
    const auto read = ReadPolicyFile(*text, path);
    if (const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
      for (const policy::Error& mistake : *mistakes) {
        ShowText(mistake.where + ": " + mistake.what + "\n" + Excerpt(*text, mistake.where));
      }
      status = ExitStatus::kUsage;
      continue;
    }
    const auto& file = std::get<PolicyFile>(read);
    std::printf("%s: good: %zu %s, %zu %s\n", path.c_str(), file.policies.size(),
                file.policies.size() == 1 ? "policy" : "policies", file.exceptions.size(),
                file.exceptions.size() == 1 ? "exception" : "exceptions");
    for (const policy::Policy& one : file.policies) {
      for (const std::string& advice : policy::Advice(one)) {
        ShowText(policy::Join({path, ": advice: ", one.name, ": ", advice, "\n"}));
      }
    }
  }
  return status;
}

struct ShowOptions {
  InputOptions inputs;
  std::string namespace_name;
  bool all = false;
  std::string output = "text";
};

ExitStatus Show(const ShowOptions& options) {
  const auto inputs = LoadPolicyInputs(options.inputs, {.namespace_name = options.namespace_name});
  if (!inputs) return ExitStatus::kUsage;
  const std::string& name = inputs->namespace_name;
  const auto effective = inputs->policies.For(name, NamespaceOf(*inputs, name).labels, {});
  const std::string text =
      options.output == "json"
          ? k8s::PrintJson(ShowPolicyJson(*effective), 2) + "\n"
          : ShowPolicyText(*effective, options.all, Paint(StdoutTakesColours()));
  ShowText(text);
  return ExitStatus::kAdmitted;
}

struct DiffOptions {
  std::string old_file;
  std::string new_file;
  ApplicationChoice choice;
  InputOptions inputs;
};

// A setting that a policy names and the snapshot did not keep would look unset.
bool HoldsSettings(const Inputs& inputs, const policy::PolicySet& policies) {
  if (!inputs.settings) return true;
  bool holds = true;
  for (const std::string& key : NamedSettings(policies.policies())) {
    if (policy::IsJudgedSetting(key) || std::find(inputs.settings->begin(), inputs.settings->end(),
                                                  key) != inputs.settings->end()) {
      continue;
    }
    Complain({"snapshot", policy::Join({"does not hold ", key,
                                        ", which a policy names: take one with --setting ", key})});
    holds = false;
  }
  return holds;
}

// What is judged by both: the manifests, else the applications of the snapshot or the cluster.
std::optional<std::vector<policy::Workload>> Applications(
    const DiffOptions& options, const std::vector<k8s::ManifestDocument>& documents,
    const Inputs& inputs) {
  if (!options.choice.manifests.empty()) {
    return ReadWorkloads(documents, inputs.read_options, inputs.namespace_name);
  }
  if (!HasApplications(options.choice, options.inputs, inputs, "policy diff")) return std::nullopt;
  return inputs.applications;
}

// Status 1 where something is judged otherwise, as diff has it.
ExitStatus Diff(const DiffOptions& options) {
  const auto before = LoadPolicies({options.old_file});
  const auto after = LoadPolicies({options.new_file});
  if (!before || !after) return ExitStatus::kUsage;
  const auto documents = LoadManifests(options.choice.manifests);
  if (!documents) return ExitStatus::kUsage;
  InputOptions places = options.inputs;
  places.policies = {options.old_file};  // the cluster's own are not asked for
  const auto inputs = LoadInputs(places, {.namespace_name = options.choice.namespace_name,
                                          .all = options.choice.all,
                                          .documents = &*documents,
                                          .applications = options.choice.manifests.empty()});
  if (!inputs) return ExitStatus::kUsage;
  const auto workloads = Applications(options, *documents, *inputs);
  if (!workloads) return ExitStatus::kUsage;
  if (options.choice.manifests.empty() &&
      !(HoldsSettings(*inputs, *before) && HoldsSettings(*inputs, *after))) {
    return ExitStatus::kUsage;
  }
  static const policy::NamespaceStates kUnknown;
  const auto changes =
      DiffPolicies(*before, *after, inputs->cluster, *workloads,
                   inputs->namespaces ? *inputs->namespaces : kUnknown, inputs->now_seconds);
  ShowText(PrintPolicyDiff(changes, workloads->size(), Paint(StdoutTakesColours())));
  return changes.empty() ? ExitStatus::kAdmitted : ExitStatus::kRejected;
}

void AddLint(Command parent, ExitStatus& status) {
  const Command command =
      parent.AddSubcommand("lint", "Every mistake of a policy file, with its place");
  auto files = std::make_shared<std::vector<std::string>>();
  command.AddOption("file", *files, "Policy file; - is standard input").Required();
  command.SetFooter("Example:\n  ballast policy lint policy.yaml");
  command.OnCall([files, &status] { status = Lint(*files); });
}

void AddShow(Command parent, ExitStatus& status) {
  const Command command =
      parent.AddSubcommand("show", "The effective policy, and where each field comes from");
  auto options = std::make_shared<ShowOptions>();
  command
      .AddOption("--policy", options->inputs.policies,
                 "Policy file; repeatable; without one, those of the cluster or of the snapshot,\n"
                 "else the built-in policy")
      .TypeName("FILE");
  command
      .AddOption("--namespaces", options->inputs.namespaces,
                 "Their labels: what `kubectl get namespaces -o yaml` printed")
      .TypeName("FILE");
  command
      .AddOption("--snapshot", options->inputs.snapshot,
                 "Policies and labels as `ballast snapshot` wrote them")
      .TypeName("FILE");
  AddClusterOptions(command, options->inputs);
  command
      .AddOption("-n,--namespace", options->namespace_name,
                 "For objects of this namespace (default: the context's, or default)")
      .TypeName("NAME");
  command.AddFlag("--all", options->all, "Also the fields that no policy sets");
  command.AddOption("-o,--output", options->output, "How to print it")
      .OneOf({"text", "json"})
      .ShowDefault();
  command.SetFooter(
      "Examples:\n"
      "  ballast policy show\n"
      "  ballast policy show --context production -n team-a\n"
      "  ballast policy show --policy policy.yaml -n team-a --all");
  command.OnCall([options, &status] { status = Show(*options); });
}

void AddDiff(Command parent, ExitStatus& status) {
  const Command command =
      parent.AddSubcommand("diff", "Which applications another policy would judge otherwise");
  auto options = std::make_shared<DiffOptions>();
  command.AddOption("old", options->old_file, "Policy file as it is").Required();
  command.AddOption("new", options->new_file, "Policy file as it shall be").Required();
  AddApplicationChoice(command, options->choice,
                       "Manifests to judge by both, repeatable; without them, the applications of\n"
                       "the snapshot, or of the live cluster");
  AddPlaceOptions(command, options->inputs);
  command.SetFooter(
      "Exit status: 0 nothing changes, 1 something does.\n\n"
      "Examples:\n"
      "  ballast policy diff policy.yaml stricter.yaml -A\n"
      "  ballast policy diff policy.yaml stricter.yaml --snapshot cluster.json\n"
      "  ballast policy diff policy.yaml stricter.yaml -f jobs.yaml --cluster nodes.yaml");
  command.OnCall([options, &status] { status = Diff(*options); });
}

void AddSchema(Command parent) {
  const Command command =
      parent.AddSubcommand("schema", "Every field of a policy with its meaning");
  auto output = std::make_shared<std::string>("text");
  command
      .AddOption("-o,--output", *output,
                 "text, or crd: the definitions of its kinds for kubectl apply")
      .OneOf({"text", "crd"})
      .ShowDefault();
  command.SetFooter(
      "Examples:\n  ballast policy schema\n"
      "  ballast policy schema -o crd | kubectl apply --server-side -f -");
  command.OnCall([output] {
    if (*output == "text") {
      ShowText(PrintPolicySchema(Paint(StdoutTakesColours())));
      return;
    }
    for (const PolicyCrd& crd : PolicyCrds()) {
      ShowText("---\n" + PrintPolicyCrd(crd));
    }
  });
}

}  // namespace

void AddPolicy(Command app, ExitStatus& status) {
  const Command command = app.AddSubcommand("policy", "Check, test, show and compare policies");
  command.RequireSubcommand();
  command.SetFooter(
      "Examples:\n  ballast policy lint policy.yaml\n  ballast policy show --policy policy.yaml\n"
      "  ballast policy test tests/");
  AddLint(command, status);
  AddShow(command, status);
  AddSchema(command);
  AddDiff(command, status);
  AddPolicyTest(command, status);
}

}  // namespace ballast::webhook
