// `ballast policy test DIR`: a user's own cases, run like unit tests.

#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/policy_test/find_cases.h"
#include "webhook/policy_test/report.h"
#include "webhook/policy_test/run_case.h"

namespace ballast::webhook {
namespace {

struct Options {
  std::string folder;
  std::string policy;
  std::string cluster;
  std::string output = "text";
  VersionOptions versions;
};

void Print(const Options& options, const std::vector<CaseResult>& results) {
  std::string text;
  if (options.output == "json") {
    text = k8s::PrintJson(PolicyTestJson(results), 2) + "\n";
  } else if (options.output == "junit") {
    text = PolicyTestJunit(results, options.folder);
  } else {
    text = PolicyTestText(results, Paint(StdoutTakesColours()));
  }
  ShowText(text);
}

ExitStatus Run(const Options& options) {
  const auto read_options = ReadVersionOptions(options.versions);
  if (!read_options) return ExitStatus::kUsage;
  auto found = FindPolicyCases(options.folder);
  if (const auto* mistakes = std::get_if<std::vector<policy::Error>>(&found)) {
    for (const policy::Error& mistake : *mistakes) Complain(mistake);
    return ExitStatus::kUsage;
  }
  CaseRunner runner(*read_options);
  const int64_t today = std::time(nullptr);
  std::vector<CaseResult> results;
  ExitStatus status = ExitStatus::kAdmitted;
  for (PolicyCase& one : std::get<std::vector<PolicyCase>>(found)) {
    if (one.policy.empty()) one.policy = options.policy;
    if (one.cluster.empty()) one.cluster = options.cluster;
    const auto start = std::chrono::steady_clock::now();
    CaseResult result = runner.Run(one, today);
    result.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (result.status == CaseStatus::kError) status = ExitStatus::kUsage;
    if (result.status == CaseStatus::kFailed && status == ExitStatus::kAdmitted) {
      status = ExitStatus::kRejected;
    }
    results.push_back(std::move(result));
  }
  Print(options, results);
  return status;
}

constexpr const char* kTeaching =
    "A case is a folder with an expect.yaml; its manifests are the other YAML and JSON files in "
    "it.\n"
    "policy.yaml, cluster.yaml (kubectl get nodes -o yaml) and namespaces.yaml (quotas and "
    "labels)\n"
    "may stand beside them, or in any folder above, up to DIR, for all cases below:\n\n"
    "  tests/policy.yaml                     tests/team-a/too-big/job.yaml\n"
    "  tests/cluster.yaml                    tests/team-a/too-big/expect.yaml\n\n"
    "expect.yaml says what `ballast check` would say; what is left out is not held:\n\n"
    "  description: No node holds 100g.      # shown where the case fails\n"
    "  date: 2026-12-01                      # by which exceptions end; else today\n"
    "  namespace: team-a                     # of objects that name none\n"
    "  verdict: Rejected                     # Admitted, Rewritten, Rejected or Exempt\n"
    "  findings:                             # exactly these, in any order; [] is none\n"
    "    - rule: executor-fits-node\n"
    "      action: Reject                    # Rewrite, Reject or Warn\n"
    "      message: fits on no node          # a part of it\n"
    "  moreFindings: true                    # others may be there, too\n"
    "  after: {executor: {heapMiB: 8192}}    # numbers as `check -o json` prints them\n\n"
    "For several Spark objects write documents: [{name: sessions, verdict: Admitted}, ...].\n\n"
    "Exit status: 0 all as expected, 1 something is judged otherwise, 2 a mistake in a file.\n\n"
    "Examples:\n"
    "  ballast policy test tests/\n"
    "  ballast policy test tests/ --policy policy.yaml --cluster nodes.yaml\n"
    "  ballast policy test tests/ -o junit > report.xml";

}  // namespace

void AddPolicyTest(Command policy, ExitStatus& status) {
  const Command command =
      policy.AddSubcommand("test", "Run your own cases: manifests and what is expected of them");
  auto options = std::make_shared<Options>();
  command.AddOption("dir", options->folder, "Folder of cases").TypeName("DIR").Required();
  command
      .AddOption("--policy", options->policy,
                 "For cases that have none of their own; without it, the built-in policy")
      .TypeName("FILE");
  command
      .AddOption("--cluster", options->cluster,
                 "For cases that have none of their own; without it, capacity is not known")
      .TypeName("FILE");
  command
      .AddOption("-o,--output", options->output,
                 "text, json, or junit: the XML that CI servers read")
      .OneOf({"text", "json", "junit"})
      .ShowDefault();
  AddVersionOptions(command, options->versions);
  command.SetFooter(kTeaching);
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
