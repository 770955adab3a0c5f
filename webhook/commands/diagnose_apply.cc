#include "webhook/commands/diagnose_apply.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "k8s/text_at.h"
#include "webhook/commands/workloads.h"
#include "webhook/diagnose/history.h"
#include "webhook/recommend/apply_settings.h"
#include "webhook/recommend/wishes.h"
#include "webhook/text/print_yaml.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

// The Spark object that is meant; nullptr: none, or which one is not plain, which was printed.
const k8s::ManifestDocument* Meant(const std::vector<k8s::ManifestDocument>& documents,
                                   const std::string& application, const std::string& file) {
  std::vector<const k8s::ManifestDocument*> found;
  for (const k8s::ManifestDocument& document : documents) {
    if (KindOf(document) != nullptr) found.push_back(&document);
  }
  if (found.size() > 1) {
    std::erase_if(found, [&](const auto* document) {
      return k8s::TextIn(document->object, "/metadata/name") != application;
    });
    if (found.size() != 1) {
      Complain({file, "holds several Spark objects, and " + std::to_string(found.size()) +
                          " of them are named " + application +
                          " as the application is: give a file of the one that is meant"});
      return nullptr;
    }
  }
  if (!found.empty()) return found.front();
  Complain({file, "holds no Spark object (a SparkApplication, for example)"});
  return nullptr;
}

// The run that ended last; what it suffered from is what is to be cured.
const Diagnosis& Latest(std::span<const Diagnosis> all) {
  return *std::max_element(all.begin(), all.end(), [](const Diagnosis& a, const Diagnosis& b) {
    return a.ended < b.ended;
  });
}

bool AreOfOneApplication(std::span<const Diagnosis> all) {
  return std::all_of(all.begin(), all.end(),
                     [&](const Diagnosis& one) { return one.name == all.front().name; });
}

}  // namespace

void AddApplyOptions(Command command, ApplyOptions& options) {
  command
      .AddOption("--apply", options.manifest,
                 "Print this manifest with the recommended settings, as far as policy and\n"
                 "cluster admit them")
      .TypeName("FILE");
  command
      .AddOption("-n,--namespace", options.namespace_name,
                 "With --apply, the namespace of documents that do not name theirs (default: the\n"
                 "context's, or default)")
      .TypeName("NAME");
  AddInputOptions(command, options.inputs);
}

ExitStatus ApplyDiagnoses(const ApplyOptions& options, std::span<const Diagnosis> all) {
  if (all.empty()) return ExitStatus::kUsage;
  if (!AreOfOneApplication(all)) {
    Complain({"--apply", "the logs are of several applications: give those of one"});
    return ExitStatus::kUsage;
  }
  const auto documents = LoadManifests({options.manifest});
  if (!documents) return ExitStatus::kUsage;
  const Diagnosis& latest = Latest(all);
  const k8s::ManifestDocument* meant = Meant(*documents, latest.name, options.manifest);
  if (meant == nullptr) return ExitStatus::kUsage;
  auto inputs = LoadInputs(options.inputs,
                           {.namespace_name = options.namespace_name, .documents = &*documents});
  if (!inputs) return ExitStatus::kUsage;
  const std::string namespace_name = inputs->namespace_name;
  const int64_t now_seconds = inputs->now_seconds;
  const Snapshot snapshot = MakeSnapshot(*std::move(inputs));

  const auto sized = SizesOfApplications(all);
  const auto wishes = WishesOf(latest.findings, sized.empty() ? std::span<policy::SizedSetting>()
                                                              : std::span(sized.front().sizes));
  const auto manifest = ApplySettings(*meant, wishes, snapshot, namespace_name, now_seconds);
  if (!manifest) {
    ComplainOf(*meant, manifest.error());
    return ExitStatus::kRejected;
  }
  std::string text;
  for (const k8s::ManifestDocument& document : *documents) {
    text += text.empty() ? "" : "---\n";
    text += &document == meant ? PrintRecommended(*manifest) : PrintYaml(document.object);
  }
  ShowText(text);
  return ExitStatus::kAdmitted;
}

}  // namespace ballast::webhook
