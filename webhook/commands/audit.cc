// `ballast audit`: what runs against the present policy and cluster, and what was rewritten.

#include "webhook/audit/audit.h"

#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "webhook/audit/audit_text.h"
#include "webhook/commands/application_choice.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/print_yaml.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  ApplicationChoice choice;
  bool ended = false;
  bool admitted = false;
  std::string output = "text";
  std::string fail_on = "reject";
};

// The Spark objects of the manifests; a mistake is printed with its place, then nullopt.
std::optional<std::vector<StoredApplication>> OfManifests(
    const std::vector<k8s::ManifestDocument>& documents, const Inputs& inputs, size_t* ended) {
  std::vector<StoredApplication> applications;
  bool readable = true;
  for (const k8s::ManifestDocument& document : documents) {
    const k8s::Kind* kind = KindOf(document);
    if (kind == nullptr) continue;  // a Service or a ConfigMap beside the job
    if (ended != nullptr && HasEnded(k8s::JsonView(document.object))) {
      ++*ended;
      continue;
    }
    applications.push_back(
        ReadStored(document.object, *kind, inputs.read_options, inputs.namespace_name));
    const auto& runs = applications.back().runs;
    if (runs) continue;
    ComplainOf(document, runs.error());
    readable = false;
  }
  if (!readable) return std::nullopt;
  return applications;
}

// What is judged: the manifests, else the applications of the snapshot or of the cluster.
std::optional<std::vector<StoredApplication>> Applications(
    const Options& options, const std::vector<k8s::ManifestDocument>& documents, Inputs& inputs,
    size_t& ended) {
  if (!options.choice.manifests.empty()) {
    return OfManifests(documents, inputs, options.ended ? nullptr : &ended);
  }
  if (!HasApplications(options.choice, options.inputs, inputs, "audit")) return std::nullopt;
  std::vector<StoredApplication> applications = std::move(inputs.stored);
  for (policy::Workload& workload : inputs.applications) {
    applications.push_back(FromSnapshot(std::move(workload)));
  }
  ended = inputs.ended;
  return applications;
}

ExitStatus StatusOf(const std::vector<Audited>& all, const std::string& fail_on) {
  ExitStatus status = ExitStatus::kAdmitted;
  for (const Audited& audited : all) {
    // The webhook would refuse what it cannot read.
    if (audited.unreadable || audited.decision.verdict == policy::VerdictKind::kRejected) {
      return ExitStatus::kRejected;
    }
    if (fail_on == "rewrite" && audited.decision.verdict == policy::VerdictKind::kRewritten &&
        audited.outstanding.value_or(true)) {
      status = ExitStatus::kRewritten;
    }
  }
  return status;
}

ExitStatus Run(const Options& options) {
  const auto documents = LoadManifests(options.choice.manifests);
  if (!documents) return ExitStatus::kUsage;
  auto inputs = LoadInputs(options.inputs, {.namespace_name = options.choice.namespace_name,
                                            .all = options.choice.all,
                                            .documents = &*documents,
                                            .stored = options.choice.manifests.empty(),
                                            .ended = options.ended});
  if (!inputs) return ExitStatus::kUsage;
  AuditScope scope;
  scope.admitted = options.admitted;
  const auto applications = Applications(options, *documents, *inputs, scope.ended);
  if (!applications) return ExitStatus::kUsage;
  const JudgeBasis basis{inputs->policies, inputs->cluster, inputs->namespaces.get(),
                         inputs->now_seconds};
  std::vector<Audited> all;
  all.reserve(applications->size());
  for (const StoredApplication& application : *applications) {
    all.push_back(Audit(application, basis));
  }
  const nlohmann::json audit = AuditJson(all, scope);
  if (options.output == "json") {
    ShowText(k8s::PrintJson(audit, 2) + "\n");
  } else if (options.output == "yaml") {
    ShowText(PrintYaml(audit));
  } else {
    ShowText(AuditText(audit, Paint(StdoutTakesColours())));
  }
  return StatusOf(all, options.fail_on);
}

}  // namespace

void AddAudit(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("audit", "What runs against the present policy and cluster");
  auto options = std::make_shared<Options>();
  AddApplicationChoice(command, options->choice,
                       "Stored objects, as `kubectl get -o yaml` prints them, repeatable; without\n"
                       "them, the applications of the snapshot, or of the live cluster");
  command.AddFlag("--admitted", options->admitted,
                  "Also list those that there is nothing to tell of");
  command.AddFlag("--ended", options->ended, "Also those that will not run again");
  command
      .AddOption("-o,--output", options->output,
                 "A table; or all findings, with sizes before and after, as json or yaml")
      .OneOf({"text", "json", "yaml"})
      .ShowDefault();
  command
      .AddOption("--fail-on", options->fail_on,
                 "What makes the exit status other than 0: reject (1), or a rewrite that is\n"
                 "outstanding (3) as well")
      .OneOf({"reject", "rewrite"})
      .ShowDefault();
  AddInputOptions(command, options->inputs);
  command.SetFooter(
      "A rewrite is outstanding where what runs is still what its user wrote. What an exception\n"
      "lifts is told as skipped, with what it would have been.\n\n"
      "Examples:\n"
      "  ballast audit -A\n"
      "  ballast audit --context production -n team-a -o json\n"
      "  ballast audit --snapshot cluster.json --policy stricter.yaml");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
