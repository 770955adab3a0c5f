#include "webhook/admission/unknown_kind.h"

#include <string>
#include <string_view>

#include "webhook/admission/application_book.h"
#include "webhook/admission/mutate.h"
#include "webhook/admission/record.h"

namespace ballast::webhook {
namespace {

std::string_view GroupOf(std::string_view api_version) {
  return api_version.substr(0, api_version.find('/'));
}

std::string VersionsOf(const k8s::Kind& kind) {
  std::string text;
  for (const std::string_view version : kind.versions) {
    if (!text.empty()) text += ", ";
    text += version;
  }
  return text;
}

}  // namespace

const k8s::Kind* KnownOtherwise(const AdmissionRequest& request) {
  // Pods and ConfigMaps have no group, and no other version.
  if (request.api_version.find('/') == std::string_view::npos) return nullptr;
  if (k8s::FindKind(request.api_version, request.kind) != nullptr) return nullptr;
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->kind == request.kind && kind->group == GroupOf(request.api_version)) return kind;
  }
  return nullptr;
}

AdmissionAnswer AnswerUnknownVersion(const AdmissionRequest& request, const k8s::Kind& kind,
                                     const Snapshot& snapshot) {
  AdmissionAnswer answer;
  const bool update = request.operation == "UPDATE";
  if ((!update && request.operation != "CREATE") || !request.sub_resource.empty() ||
      request.object["metadata"]["deletionTimestamp"].string() ||
      (update && SameAsked(request.object, request.old_object))) {
    return answer;
  }
  // Then it is sent in a known version as well, and judged there.
  if (snapshot.applications && snapshot.applications->Serves(kind)) return answer;
  answer.unknown_version = true;
  const std::string what = std::string(request.api_version) + " " + std::string(request.kind) +
                           ": this Ballast knows " + VersionsOf(kind);
  if (snapshot.read_options.unknown_kind_version == k8s::UnknownKindVersion::kWarn) {
    answer.warnings.push_back("ballast: not judged: " + what);
    return answer;
  }
  Refuse(answer, "ballast: cannot be judged: " + what +
                     "; use one of these, or start Ballast with --on-unknown-kind-version=warn");
  answer.decision.verdict = policy::VerdictKind::kRejected;
  return answer;
}

}  // namespace ballast::webhook
