// `ballast policy lint|show|schema|diff`.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "policy/policy_advice.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/policy_file/policy_crd.h"
#include "webhook/policy_file/policy_diff.h"
#include "webhook/policy_file/policy_show.h"
#include "webhook/policy_file/policy_yaml.h"
#include "webhook/policy_file/yaml_tree.h"

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
        std::printf("%s: %s\n%s", mistake.where.c_str(), mistake.what.c_str(),
                    Excerpt(*text, mistake.where).c_str());
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
        std::printf("%s: advice: %s: %s\n", path.c_str(), one.name.c_str(), advice.c_str());
      }
    }
  }
  return status;
}

ExitStatus Show(const std::vector<std::string>& files, const std::string& namespace_name, bool all,
                const std::string& output) {
  const auto policies = LoadPolicies(files);
  if (!policies) return ExitStatus::kUsage;
  const auto effective = policies->For(namespace_name, {}, {});
  const std::string text = output == "json"
                               ? ShowPolicyJson(*effective).dump(2) + "\n"
                               : ShowPolicyText(*effective, all, Paint(StdoutTakesColours()));
  std::fputs(text.c_str(), stdout);
  return ExitStatus::kAdmitted;
}

struct DiffOptions {
  std::string old_file;
  std::string new_file;
  std::vector<std::string> manifests;
  std::string cluster;
  std::string namespace_name = "default";
};

// Status 1 where something is judged otherwise, as diff has it.
ExitStatus Diff(const DiffOptions& options) {
  const auto before = LoadPolicies({options.old_file});
  const auto after = LoadPolicies({options.new_file});
  if (!before || !after) return ExitStatus::kUsage;
  InputOptions input_options;
  input_options.cluster = options.cluster;
  const auto inputs = LoadInputs(input_options);
  if (!inputs) return ExitStatus::kUsage;
  const auto documents = LoadManifests(options.manifests);
  if (!documents) return ExitStatus::kUsage;
  const auto workloads = ReadWorkloads(*documents, inputs->read_options, options.namespace_name);
  if (!workloads) return ExitStatus::kUsage;
  const auto changes =
      DiffPolicies(*before, *after, inputs->cluster, *workloads, {}, std::time(nullptr));
  std::fputs(PrintPolicyDiff(changes, workloads->size(), Paint(StdoutTakesColours())).c_str(),
             stdout);
  return changes.empty() ? ExitStatus::kAdmitted : ExitStatus::kRejected;
}

void AddLint(CLI::App& parent, ExitStatus& status) {
  CLI::App* command =
      parent.add_subcommand("lint", "Every mistake of a policy file, with its place");
  auto files = std::make_shared<std::vector<std::string>>();
  command->add_option("file", *files, "Policy file; - is standard input")->required();
  command->footer("Example:\n  ballast policy lint policy.yaml");
  command->callback([files, &status] { status = Lint(*files); });
}

void AddShow(CLI::App& parent, ExitStatus& status) {
  CLI::App* command =
      parent.add_subcommand("show", "The effective policy, and where each field comes from");
  struct Options {
    std::vector<std::string> policies;
    std::string namespace_name = "default";
    bool all = false;
    std::string output = "text";
  };
  auto options = std::make_shared<Options>();
  command
      ->add_option("--policy", options->policies,
                   "Policy file; repeatable; without one, the built-in policy")
      ->type_name("FILE");
  command->add_option("-n,--namespace", options->namespace_name, "For objects of this namespace")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_flag("--all", options->all, "Also the fields that no policy sets");
  command->add_option("-o,--output", options->output, "How to print it")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n  ballast policy show\n  ballast policy show --policy policy.yaml -n team-a "
      "--all");
  command->callback([options, &status] {
    status = Show(options->policies, options->namespace_name, options->all, options->output);
  });
}

void AddDiff(CLI::App& parent, ExitStatus& status) {
  CLI::App* command =
      parent.add_subcommand("diff", "Which manifests another policy would judge otherwise");
  auto options = std::make_shared<DiffOptions>();
  command->add_option("old", options->old_file, "Policy file as it is")->required();
  command->add_option("new", options->new_file, "Policy file as it shall be")->required();
  command->add_option("-f,--filename", options->manifests, "Manifests to judge by both; repeatable")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("-n,--namespace", options->namespace_name,
                   "The namespace of documents that do not name theirs")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_option("--cluster", options->cluster, "The cluster, as for check")
      ->type_name("FILE");
  command->footer(
      "Exit status: 0 nothing changes, 1 something does.\n\n"
      "Example:\n  ballast policy diff policy.yaml stricter.yaml -f jobs.yaml --cluster "
      "nodes.yaml");
  command->callback([options, &status] { status = Diff(*options); });
}

void AddSchema(CLI::App& parent) {
  CLI::App* command = parent.add_subcommand("schema", "Every field of a policy with its meaning");
  auto output = std::make_shared<std::string>("text");
  command
      ->add_option("-o,--output", *output,
                   "text, or crd: the definitions of its kinds for kubectl apply")
      ->check(CLI::IsMember({"text", "crd"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n  ballast policy schema\n"
      "  ballast policy schema -o crd | kubectl apply --server-side -f -");
  command->callback([output] {
    if (*output == "text") {
      std::fputs(PrintPolicySchema(Paint(StdoutTakesColours())).c_str(), stdout);
      return;
    }
    for (const PolicyCrd& crd : PolicyCrds()) {
      std::printf("---\n%s", PrintPolicyCrd(crd).c_str());
    }
  });
}

}  // namespace

void AddPolicy(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("policy", "Check, show and compare policies");
  command->require_subcommand(1);
  command->footer(
      "Examples:\n  ballast policy lint policy.yaml\n  ballast policy show --policy policy.yaml");
  AddLint(*command, status);
  AddShow(*command, status);
  AddSchema(*command);
  AddDiff(*command, status);
}

}  // namespace ballast::webhook
