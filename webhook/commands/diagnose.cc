// `ballast diagnose`: what a Spark application suffered from, out of its logs, and which settings
// to change.

#include "webhook/commands/diagnose.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "policy/evaluate.h"
#include "webhook/commands/inputs.h"
#include "webhook/diagnose/diagnosis.h"
#include "webhook/text/diagnosis_json.h"
#include "webhook/text/diagnosis_text.h"

namespace ballast::webhook {
namespace {

struct Options {
  std::vector<std::string> logs;
  std::string output = "text";
  std::string fail_on;
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

ExitStatus Run(const Options& options) {
  ExitStatus status = ExitStatus::kAdmitted;
  const Paint paint(StdoutTakesColours());
  std::string text;
  nlohmann::json array = nlohmann::json::array();
  for (const auto& result : DiagnoseAll(options.logs)) {
    if (!result.ok()) {
      Complain(result.error());
      status = ExitStatus::kUsage;
      continue;
    }
    text += (text.empty() ? "" : "\n") + DiagnosisText(*result, paint);
    array.push_back(DiagnosisJson(*result));
    if (status == ExitStatus::kAdmitted && ReachesLimit(*result, options.fail_on)) {
      status = ExitStatus::kRejected;
    }
  }
  if (options.output == "json") {
    if (options.logs.size() == 1 && array.empty()) return status;
    const nlohmann::json& printed = options.logs.size() == 1 ? array.front() : array;
    text = printed.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
  std::fputs(text.c_str(), stdout);
  return status;
}

}  // namespace

void AddDiagnose(CLI::App& app, ExitStatus& status) {
  CLI::App* command =
      app.add_subcommand("diagnose", "What a Spark application suffered from, out of its logs");
  auto options = std::make_shared<Options>();
  command
      ->add_option("logs", options->logs,
                   "Event logs and console logs, one application each; - is standard input. A\n"
                   "folder is one application: all its logs are read together")
      ->required()
      ->type_name("LOG");
  command->add_option("-o,--output", options->output, "How to print it")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command
      ->add_option("--fail-on", options->fail_on,
                   "Exit with 1 where a finding is of this severity or worse")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  command->footer(
      "Logs may be compressed (zstd; lz4, snappy and lzf as Spark writes them), rolling\n"
      "(eventlog_v2_*) and unfinished. Only text logs tell of large tasks, Kryo in the driver and\n"
      "the driver's memory; only event logs tell of garbage collection, skew and unused memory:\n"
      "give both, in one folder.\n\n"
      "Examples:\n"
      "  ballast diagnose spark-events/spark-0123abc.zstd\n"
      "  kubectl logs my-job-driver | ballast diagnose -\n"
      "  ballast diagnose logs-of-one-job/ -o json\n"
      "  ballast diagnose --fail-on high spark-events/*");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
