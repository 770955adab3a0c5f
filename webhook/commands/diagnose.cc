// `ballast diagnose`: what a Spark application suffered from, out of its logs, and which settings
// to change.

#include "webhook/commands/diagnose.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "policy/evaluate.h"
#include "webhook/commands/diagnose_apply.h"
#include "webhook/commands/inputs.h"
#include "webhook/diagnose/diagnosis.h"
#include "webhook/diagnose/history.h"
#include "webhook/diagnosis_page/diagnosis_page.h"
#include "webhook/text/diagnosis_json.h"
#include "webhook/text/diagnosis_text.h"
#include "webhook/text/sizes_text.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  std::vector<std::string> logs;
  std::string output = "text";
  std::string fail_on;
  ApplyOptions apply;
};

constexpr policy::Severity kSeverities[] = {policy::Severity::kLow, policy::Severity::kMedium,
                                            policy::Severity::kHigh, policy::Severity::kCritical};

bool ReachesLimit(const Diagnosis& diagnosis, const std::string& fail_on) {
  for (const policy::Severity severity : kSeverities) {
    if (policy::Name(severity) != fail_on) continue;
    // The worst is the first.
    return !diagnosis.findings.empty() && diagnosis.findings.front().severity >= severity;
  }
  return false;
}

// What could be read; what could not is printed.
std::vector<Diagnosis> Read(const Options& options, ExitStatus& status) {
  std::vector<Diagnosis> all;
  for (auto& result : DiagnoseAll(options.logs, options.output == "html")) {
    if (result.ok()) {
      all.push_back(*std::move(result));
      continue;
    }
    Complain(result.error());
    status = ExitStatus::kUsage;
  }
  return all;
}

std::string Text(const std::vector<Diagnosis>& all) {
  const Paint paint(StdoutTakesColours());
  std::string text;
  for (const Diagnosis& diagnosis : all) {
    text += (text.empty() ? "" : "\n") + DiagnosisText(diagnosis, paint);
  }
  for (const SizedApplication& sized : SizesOfApplications(all)) {
    text += "\n" + SizesText(sized.name, sized.sizes, paint);
  }
  return text;
}

// An object for one log, an array for any other number. The sizes that several runs speak for stand
// in each of them.
std::string Json(const Options& options, const std::vector<Diagnosis>& all) {
  if (options.logs.size() == 1 && all.empty()) return "";
  const auto sized = SizesOfApplications(all);
  nlohmann::json array = nlohmann::json::array();
  for (const Diagnosis& diagnosis : all) {
    nlohmann::json one = DiagnosisJson(diagnosis);
    for (const SizedApplication& application : sized) {
      if (application.name == diagnosis.name) one["sizes"] = SizesJson(application.sizes);
    }
    array.push_back(std::move(one));
  }
  const nlohmann::json& printed = options.logs.size() == 1 ? array.front() : array;
  return k8s::PrintJson(printed, 2) + "\n";
}

std::string Html(const std::vector<Diagnosis>& all) {
  std::vector<DiagnosedRun> runs;
  runs.reserve(all.size());
  for (const Diagnosis& diagnosis : all) {
    runs.push_back({diagnosis.run.get(), diagnosis.findings});
  }
  return DiagnosisPage(runs, SizesOfApplications(all));
}

ExitStatus Run(const Options& options) {
  ExitStatus status = ExitStatus::kAdmitted;
  const std::vector<Diagnosis> all = Read(options, status);
  if (!options.apply.manifest.empty()) {
    return status == ExitStatus::kAdmitted ? ApplyDiagnoses(options.apply, all) : status;
  }
  const std::string text = options.output == "json"   ? Json(options, all)
                           : options.output == "html" ? Html(all)
                                                      : Text(all);
  ShowText(text);
  const bool reached = std::any_of(all.begin(), all.end(), [&](const Diagnosis& diagnosis) {
    return ReachesLimit(diagnosis, options.fail_on);
  });
  return status == ExitStatus::kAdmitted && reached ? ExitStatus::kRejected : status;
}

}  // namespace

void AddDiagnose(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("diagnose", "What a Spark application suffered from, out of its logs");
  auto options = std::make_shared<Options>();
  command
      .AddOption("logs", options->logs,
                 "Event logs and console logs, one application each; - is standard input. A\n"
                 "folder is one application: all its logs are read together, and those of several\n"
                 "applications are refused")
      .Required()
      .TypeName("LOG");
  command
      .AddOption("-o,--output", options->output,
                 "text, json, or html: a page with charts that stands by itself")
      .OneOf({"text", "json", "html"})
      .ShowDefault();
  command
      .AddOption("--fail-on", options->fail_on,
                 "Exit with 1 where a finding is of this severity or worse")
      .OneOf({"low", "medium", "high", "critical"});
  AddApplyOptions(command, options->apply);
  command.SetFooter(
      "Logs may be compressed (zstd; lz4, snappy and lzf as Spark writes them), rolling\n"
      "(eventlog_v2_*) and unfinished. Only text logs tell of large tasks, Kryo in the driver and\n"
      "the driver's memory; only event logs tell of garbage collection, skew and unused memory:\n"
      "give both, in one folder.\n\n"
      "Examples:\n"
      "  ballast diagnose spark-events/spark-0123abc.zstd\n"
      "  kubectl logs my-job-driver | ballast diagnose -\n"
      "  ballast diagnose logs-of-one-job/ -o json\n"
      "  ballast diagnose --fail-on high spark-events/*\n"
      "  ballast diagnose logs-of-one-job/ -o html > diagnosis.html\n"
      "  ballast diagnose spark-events/* --apply job.yaml > recommended.yaml");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
