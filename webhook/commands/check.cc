// `ballast check`: what the webhook would do to manifests, said before they are applied.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "k8s/patch.h"
#include "webhook/admission/admit.h"
#include "webhook/commands/command_line.h"
#include "webhook/commands/inputs.h"
#include "webhook/commands/workloads.h"
#include "webhook/text/decision_json.h"
#include "webhook/text/decision_text.h"
#include "webhook/text/line_diff.h"
#include "webhook/text/print_yaml.h"

namespace ballast::webhook {
namespace {

struct Options {
  InputOptions inputs;
  std::vector<std::string> manifests;
  std::string namespace_name;
  std::string output = "text";
  std::string fail_on = "reject";
};

// One document and what became of it.
struct Checked {
  const k8s::ManifestDocument* document = nullptr;
  AdmissionAnswer answer;
  nlohmann::json decision;
};

// As the API server would ask the webhook when the document is created. The request views the
// document and the name.
AdmissionRequest RequestFor(const k8s::ManifestDocument& document,
                            std::string_view namespace_name) {
  const k8s::JsonView object(document.object);
  AdmissionRequest request;
  request.uid = "check";
  request.api_version = object["apiVersion"].string().value_or("");
  request.kind = object["kind"].string().value_or("");
  request.name = object.At("/metadata/name").string().value_or("");
  request.namespace_name = object.At("/metadata/namespace").string().value_or(namespace_name);
  request.operation = "CREATE";
  request.dry_run = true;
  request.object = object;
  return request;
}

// nullopt where the document cannot be read; that was printed with its place.
std::optional<Checked> Check(const k8s::ManifestDocument& document, const Snapshot& snapshot,
                             std::string_view namespace_name, int64_t now_seconds) {
  const k8s::JsonView object(document.object);
  const k8s::Kind* kind = KindOf(document);
  if (kind != nullptr) {
    const auto readable = kind->normalise(object, snapshot.read_options);
    if (!readable) {
      ComplainOf(document, readable.error());
      return std::nullopt;
    }
  }
  Checked checked;
  checked.document = &document;
  const AdmissionRequest request = RequestFor(document, namespace_name);
  checked.answer = Admit(request, Endpoint::kMutate, snapshot, now_seconds);
  if (!checked.answer.patch_failure.empty()) {
    Complain({document.PlaceOf(""),
              "a defect of Ballast, please report it: its rewrite does not hold: " +
                  checked.answer.patch_failure});
    return std::nullopt;
  }
  checked.decision = DecisionJson(checked.answer.decision, checked.answer.judged ? kind : nullptr,
                                  object, checked.answer.patch, checked.answer.warnings);
  checked.decision["resource"]["namespace"] = request.namespace_name;
  return checked;
}

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
    std::printf("%s\n", DecisionText(checked.decision, paint).c_str());
    decisions.push_back(checked.decision);
  }
  std::fputs(SummaryText(decisions).c_str(), stdout);
}

void PrintManifests(const std::vector<Checked>& all) {
  bool first = true;
  for (const Checked& checked : all) {
    std::printf("%s%s", first ? "" : "---\n", PrintYaml(Patched(checked)).c_str());
    first = false;
  }
}

void PrintDiffs(const std::vector<Checked>& all) {
  const Paint paint(StdoutTakesColours());
  for (const Checked& checked : all) {
    const std::string name = checked.document->file;
    std::fputs(LineDiff(PrintYaml(checked.document->object), PrintYaml(Patched(checked)),
                        name + " (as asked)", name + " (as admitted)", paint)
                   .c_str(),
               stdout);
  }
}

void Print(const std::vector<Checked>& all, const std::string& output) {
  if (output == "json") {
    std::printf("%s\n", OneOrMany(all, DecisionOf).dump(2).c_str());
  } else if (output == "yaml") {
    std::fputs(PrintYaml(OneOrMany(all, DecisionOf)).c_str(), stdout);
  } else if (output == "patch") {
    std::printf("%s\n", OneOrMany(all, PatchOf).dump(2).c_str());
  } else if (output == "diff") {
    PrintDiffs(all);
  } else if (output == "manifest") {
    PrintManifests(all);
  } else {
    PrintText(all);
  }
}

ExitStatus Run(const Options& options) {
  const auto documents = LoadManifests(options.manifests);
  if (!documents) return ExitStatus::kUsage;
  auto inputs = LoadInputs(options.inputs,
                           {.namespace_name = options.namespace_name, .documents = &*documents});
  if (!inputs) return ExitStatus::kUsage;
  const std::string namespace_name = inputs->namespace_name;
  const int64_t now_seconds = inputs->now_seconds;
  const Snapshot snapshot = MakeSnapshot(*std::move(inputs));
  std::vector<Checked> all;
  bool readable = true;
  for (const k8s::ManifestDocument& document : *documents) {
    auto checked = Check(document, snapshot, namespace_name, now_seconds);
    if (checked) {
      all.push_back(*std::move(checked));
    } else {
      readable = false;
    }
  }
  if (!readable) return ExitStatus::kUsage;
  Print(all, options.output);
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

void AddCheck(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("check", "What would happen to manifests, and why");
  auto options = std::make_shared<Options>();
  command
      ->add_option("-f,--filename", options->manifests,
                   "Manifest of one or many documents; - is standard input; repeatable")
      ->type_name("FILE")
      ->required();
  command
      ->add_option(
          "-n,--namespace", options->namespace_name,
          "The namespace of documents that do not name theirs (default: the context's, or\n"
          "default)")
      ->type_name("NAME");
  command
      ->add_option("-o,--output", options->output,
                   "text; the decision as json or yaml; the RFC 6902 patch; a diff of the\n"
                   "manifest; or the manifest as it would be admitted")
      ->check(CLI::IsMember({"text", "json", "yaml", "patch", "diff", "manifest"}))
      ->capture_default_str();
  command
      ->add_option("--fail-on", options->fail_on,
                   "What makes the exit status other than 0: reject (1), or rewrite (3) as well")
      ->check(CLI::IsMember({"reject", "rewrite"}))
      ->capture_default_str();
  AddInputOptions(*command, options->inputs);
  command->footer(
      "Examples:\n"
      "  ballast check -f job.yaml --policy policy.yaml --cluster nodes.yaml\n"
      "  helm template jobs/ | ballast check -f - --fail-on=rewrite\n"
      "  ballast check -f job.yaml -o manifest | kubectl apply -f -");
  command->callback([options, &status] { status = Run(*options); });
}

}  // namespace ballast::webhook
