// `ballast check`: what the webhook would do to manifests, said before they are applied.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "webhook/admission/check_document.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/live_documents.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/decision_text.h"
#include "webhook/text/line_diff.h"
#include "webhook/text/print_yaml.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  DocumentChoice choice;
  std::string output = "text";
  std::string fail_on = "reject";
};

nlohmann::json Patched(const Checked& checked) {
  auto patched = k8s::ApplyPatch(checked.document->object, checked.answer.patch);
  return patched ? *std::move(patched) : checked.document->object;
}

// One value for one document, a list for any other number.
nlohmann::json OneOrMany(const std::vector<Checked>& all, nlohmann::json (*part)(const Checked&)) {
  if (all.size() == 1) return part(all.front());
  nlohmann::json list = nlohmann::json::array();
  for (const Checked& checked : all) list.push_back(part(checked));
  return list;
}

nlohmann::json DecisionOf(const Checked& checked) { return checked.decision; }
nlohmann::json PatchOf(const Checked& checked) { return k8s::ToJson(checked.answer.patch); }

void PrintText(const std::vector<Checked>& all) {
  const Paint paint(StdoutTakesColours());
  nlohmann::json decisions = nlohmann::json::array();
  for (const Checked& checked : all) {
    ShowText(DecisionText(checked.decision, paint) + "\n");
    decisions.push_back(checked.decision);
  }
  ShowText(SummaryText(decisions));
}

// What is rejected is nothing to apply.
void PrintManifests(const std::vector<Checked>& all) {
  bool first = true;
  for (const Checked& checked : all) {
    if (!checked.answer.allowed) continue;
    ShowText((first ? "" : "---\n") + PrintYaml(Patched(checked)));
    first = false;
  }
}

void PrintDiffs(const std::vector<Checked>& all) {
  const Paint paint(StdoutTakesColours());
  for (const Checked& checked : all) {
    const std::string name = checked.document->file;
    ShowText(LineDiff(PrintYaml(checked.document->object), PrintYaml(Patched(checked)),
                      name + " (as asked)", name + " (as admitted)", paint));
  }
}

void Print(const std::vector<Checked>& all, const std::string& output) {
  if (output == "json") {
    ShowText(k8s::PrintJson(OneOrMany(all, DecisionOf), 2) + "\n");
  } else if (output == "yaml") {
    ShowText(PrintYaml(OneOrMany(all, DecisionOf)));
  } else if (output == "patch") {
    ShowText(k8s::PrintJson(OneOrMany(all, PatchOf), 2) + "\n");
  } else if (output == "diff") {
    PrintDiffs(all);
  } else if (output == "manifest") {
    PrintManifests(all);
  } else {
    PrintText(all);
  }
}

// Says why a document is rejected where what is printed does not.
void TellRejections(const std::vector<Checked>& all, const std::string& output) {
  constexpr std::string_view kOurName = "ballast: ";
  const bool has_findings = output == "text" || output == "json" || output == "yaml";
  for (const Checked& checked : all) {
    if (checked.answer.allowed || (has_findings && ToldByFinding(checked.answer))) continue;
    // Which begins with our name, as the API server hands it on.
    std::string message = checked.answer.message;
    if (message.starts_with(kOurName)) message.erase(0, kOurName.size());
    ComplainOf(*checked.document, {"", std::move(message)});
  }
}

ExitStatus Run(const Options& options) {
  const auto documents = LoadDocuments(options.choice, options.inputs);
  if (!documents) return ExitStatus::kUsage;
  if (documents->empty() && options.choice.live()) return ExitStatus::kAdmitted;
  if (documents->empty()) {
    Complain({options.choice.files.front(),
              "holds no document: what made it may have failed, so nothing is said to be well"});
    return ExitStatus::kUsage;
  }
  auto inputs = LoadInputs(options.inputs, {.namespace_name = options.choice.namespace_name,
                                            .all = options.choice.all,
                                            .documents = &*documents});
  if (!inputs) return ExitStatus::kUsage;
  const std::string namespace_name = inputs->namespace_name;
  const int64_t now_seconds = inputs->now_seconds;
  const Snapshot snapshot = MakeSnapshot(*std::move(inputs));
  std::vector<Checked> all;
  bool readable = true;
  for (const k8s::ManifestDocument& document : *documents) {
    auto checked = CheckDocument(document, snapshot, namespace_name, now_seconds);
    TellMistypedFields(document);
    if (checked) {
      all.push_back(*std::move(checked));
    } else {
      ComplainOf(document, checked.error());
      readable = false;
    }
  }
  if (!readable) return ExitStatus::kUsage;
  Print(all, options.output);
  TellRejections(all, options.output);
  ExitStatus status = ExitStatus::kAdmitted;
  for (const Checked& checked : all) {
    if (!checked.answer.allowed) return ExitStatus::kRejected;
    // What already carries its rewrite has nothing left to be rewritten.
    if (options.fail_on == "rewrite" && !checked.answer.patch.empty()) {
      status = ExitStatus::kRewritten;
    }
  }
  return status;
}

}  // namespace

void AddCheck(Command app, ExitStatus& status) {
  const Command command =
      app.AddSubcommand("check", "What would happen to manifests or live applications, and why");
  auto options = std::make_shared<Options>();
  AddDocumentChoice(command, options->choice);
  command
      .AddOption("-o,--output", options->output,
                 "text; the decision as json or yaml; the RFC 6902 patch; a diff of the\n"
                 "manifest; or the manifest as it would be admitted")
      .OneOf({"text", "json", "yaml", "patch", "diff", "manifest"})
      .ShowDefault();
  command
      .AddOption("--fail-on", options->fail_on,
                 "What makes the exit status other than 0: reject (1), or rewrite (3) as well")
      .OneOf({"reject", "rewrite"})
      .ShowDefault();
  AddInputOptions(command, options->inputs);
  command.SetFooter(
      "Examples:\n"
      "  ballast check -f job.yaml --policy policy.yaml --cluster nodes.yaml\n"
      "  helm template jobs/ | ballast check -f - --fail-on=rewrite\n"
      "  ballast check -f job.yaml -o manifest | kubectl apply -f -\n"
      "  ballast check sessions -n team-a --context production");
  command.OnCall([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
