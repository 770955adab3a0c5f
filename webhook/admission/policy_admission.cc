#include "webhook/admission/policy_admission.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "policy/exceptions.h"
#include "policy/policy_advice.h"
#include "webhook/admission/annotations.h"
#include "webhook/admission/mutate.h"
#include "webhook/admission/record.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using policy::Error;
using policy::PolicyException;

// What the API server shows of a message in one piece.
constexpr size_t kMostMessage = 8192;

struct PolicyCase {
  const AdmissionRequest& request;
  const Snapshot& snapshot;
  int64_t now_seconds = 0;
  bool update = false;
  bool asks_anew = false;  // CREATE, or the spec changes
  OwnAnnotations own;
  OwnAnnotations stored;
};

std::string_view Requester(const OwnAnnotations& annotations) {
  const auto found = annotations.ours.find(kRequester);
  return found == annotations.ours.end() ? std::string_view() : found->second;
}

// What must stand there: who asks now, or who asked for what stays.
std::string WantedRequester(const PolicyCase& c) {
  return std::string(c.asks_anew ? c.request.user : Requester(c.stored));
}

const policy::Labels& NamespaceLabels(const PolicyCase& c) {
  static const policy::Labels kNone;
  if (!c.snapshot.namespaces) return kNone;
  const auto found = c.snapshot.namespaces->find(c.request.namespace_name);
  return found == c.snapshot.namespaces->end() ? kNone : found->second->labels;
}

void AddDenials(const PolicyCase& c, PolicyException exception, std::vector<Error>& mistakes) {
  // From now on, whatever the manifest claims.
  if (!c.update) exception.created_seconds = c.now_seconds;
  if (exception.expires_seconds <= c.now_seconds) {
    mistakes.push_back({"spec.until", PrintMoment(exception.expires_seconds) +
                                          " has passed; write a date that is to come"});
  }
  const policy::Labels& labels = NamespaceLabels(c);
  const auto effective =
      c.snapshot.policies.For(exception.namespace_name, labels, policy::LabelsImpliedBy(exception));
  for (size_t i = 0; i < exception.rules.size(); ++i) {
    std::string why = policy::WhyNotLifted(exception, exception.rules[i], effective->policy, labels,
                                           c.now_seconds);
    if (!why.empty()) {
      why += "; policy " + effective->names + " decides it";
      mistakes.push_back({"spec.rules[" + std::to_string(i) + "]", std::move(why)});
    }
  }
}

std::optional<std::string> ForgedRequester(const PolicyCase& c) {
  const std::string_view written = Requester(c.own);
  const std::string wanted = WantedRequester(c);
  for (const auto& [key, value] : c.own.ours) {
    if (key != kRequester) return "annotation " + std::string(key) + " is not known; leave it out";
  }
  if (written == wanted) return std::nullopt;
  if (written.empty() || written == Requester(c.stored)) {
    return "the requester was not recorded, since /mutate did not run; submit again";
  }
  return "forged annotation: " + std::string(kRequester) + " is '" + std::string(written) +
         "', and the request comes from '" + wanted + "'; leave it out";
}

void RecordRequester(const PolicyCase& c, AdmissionAnswer& answer) {
  const std::string_view written = Requester(c.own);
  std::map<std::string, std::string> wanted;
  if (std::string requester = WantedRequester(c); !requester.empty()) {
    wanted.emplace(kRequester, std::move(requester));
  }
  AppendAnnotationChanges(answer.patch, c.own, wanted);
  if (c.asks_anew && !written.empty() && written != Requester(c.stored) &&
      written != c.request.user) {
    answer.warnings.push_back(
        "ballast: ballast.dev/requester is Ballast's to write; yours was ignored");
  }
}

void Judge(const PolicyCase& c, AdmissionAnswer& answer) {
  const std::string kind(c.request.kind);
  auto read = ReadPolicyObject(c.request.object, kind);
  std::vector<Error> mistakes;
  if (auto* found = std::get_if<std::vector<Error>>(&read)) {
    mistakes = std::move(*found);
  } else {
    auto& good = std::get<PolicyFile>(read);
    for (const policy::Policy& policy : good.policies) {
      for (std::string& advice : policy::Advice(policy)) {
        answer.warnings.push_back("ballast: " + std::move(advice));
      }
    }
    for (PolicyException& exception : good.exceptions) {
      AddDenials(c, std::move(exception), mistakes);
    }
  }
  if (mistakes.empty()) return;
  answer.warnings.clear();
  Refuse(answer, "ballast: " + kind + " '" + std::string(c.request.name) +
                     "' is not valid: " + JoinMistakes(mistakes, kMostMessage));
}

}  // namespace

AdmissionAnswer AdmitPolicyObject(const AdmissionRequest& request, Endpoint endpoint,
                                  const Snapshot& snapshot, int64_t now_seconds) {
  AdmissionAnswer answer;
  PolicyCase c{request, snapshot, now_seconds, request.operation == "UPDATE", false, {}, {}};
  const bool known = c.update ? request.old_object.is_object() : request.operation == "CREATE";
  if (!known || !request.object.is_object() || !request.sub_resource.empty() ||
      request.object["metadata"]["deletionTimestamp"].string()) {
    return answer;
  }
  c.own = ReadAnnotations(request.object);
  if (c.update) c.stored = ReadAnnotations(request.old_object);
  c.asks_anew = !c.update || !SameAsked(request.object, request.old_object);
  const bool exception = request.kind == kExceptionKind;
  if (!c.asks_anew && (!exception || SameOwn(c.own, c.stored))) return answer;

  answer.policy_object = true;
  answer.audit_annotations["engine"] = snapshot.engine_version;
  answer.audit_annotations["user"] = request.user;
  if (endpoint == Endpoint::kMutate) {
    if (exception) RecordRequester(c, answer);
    return answer;
  }
  if (exception) {
    if (const std::optional<std::string> forged = ForgedRequester(c)) {
      Refuse(answer, "ballast: " + *forged);
    }
  }
  if (answer.allowed && c.asks_anew) Judge(c, answer);
  answer.audit_annotations["verdict"] = answer.allowed ? "Admitted" : "Rejected";
  return answer;
}

}  // namespace ballast::webhook
