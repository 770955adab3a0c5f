#include "webhook/page/explain_manifest.h"

#include <utility>

#include "k8s/kinds/kind.h"
#include "k8s/manifest.h"
#include "webhook/admission/answer_texts.h"
#include "webhook/admission/check_document.h"
#include "webhook/admission/mistyped_fields.h"
#include "webhook/text/explain_text.h"

namespace ballast::webhook {
namespace {

constexpr const char* kNamespace = "default";
constexpr size_t kMostDocuments = 20;
// What is longer is not sent back into the form.
constexpr size_t kLongestEcho = size_t{256} << 10;

std::string VerbOf(policy::Action action) {
  switch (action) {
    case policy::Action::kRewrite:
      return "rewritten";
    case policy::Action::kReject:
      return "rejected";
    case policy::Action::kWarn:
      break;
  }
  return "warning";
}

ExplainedDocument Explained(const Checked& checked) {
  const policy::Decision& decision = checked.answer.decision;
  ExplainedDocument document;
  const auto named = [&](const char* key) {
    return checked.decision["resource"][key].get<std::string>();
  };
  document.title = named("kind") + " " + named("namespace") + "/" + named("name");
  document.verdict = policy::Name(decision.verdict);
  if (!checked.answer.judged) return document;  // one that is being deleted
  for (const policy::Finding& finding : decision.findings) {
    document.findings.push_back(VerbOf(finding.action) + ", " + std::string(finding.rule) + ": " +
                                finding.message);
  }
  document.before = SizesInBrief(decision.before);
  document.after = SizesInBrief(decision.after);
  document.memory = ExplainText(decision.after, Paint(false));
  return document;
}

std::string MistakeText(const k8s::ManifestDocument& document, const policy::Error& error) {
  return document.PlaceOf(error.where) + ": " + error.where + " " + error.what;
}

}  // namespace

Explanation ExplainManifest(std::string manifest, const Snapshot& snapshot, int64_t now_seconds) {
  Explanation explanation;
  const auto documents = k8s::ReadManifests(manifest, "the manifest");
  if (manifest.size() <= kLongestEcho) explanation.manifest = std::move(manifest);
  if (!documents) {
    explanation.mistakes.push_back(documents.error().where + ": " + documents.error().what);
    return explanation;
  }
  for (const k8s::ManifestDocument& document : *documents) {
    const k8s::JsonView object(document.object);
    if (k8s::FindKind(object) == nullptr) {
      continue;  // a Service or a ConfigMap beside the job
    }
    if (explanation.documents.size() + explanation.mistakes.size() >= kMostDocuments) {
      ++explanation.left_out;
      continue;
    }
    const auto checked = CheckDocument(document, snapshot, kNamespace, now_seconds);
    if (checked) {
      for (const policy::Error& mistyped : MistypedFields(document)) {
        explanation.mistakes.push_back(MistakeText(document, mistyped));
      }
      explanation.documents.push_back(Explained(*checked));
    } else {
      explanation.mistakes.push_back(MistakeText(document, checked.error()));
    }
  }
  if (explanation.documents.empty() && explanation.mistakes.empty()) {
    explanation.mistakes.emplace_back("holds no Spark object (a SparkApplication, for example)");
  }
  return explanation;
}

}  // namespace ballast::webhook
