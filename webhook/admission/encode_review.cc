#include <string>
#include <string_view>

#include "webhook/admission/review.h"
#include "webhook/text/append_json.h"

namespace ballast::webhook {
namespace {

void AppendMember(std::string& out, std::string_view name) {
  out += ",\"";
  out += name;
  out += "\":";
}

void AppendEncodedPatch(std::string& out, const k8s::Patch& patch) {
  std::string text;
  text.reserve(1000);  // one byte more and glibc looks for it at length
  AppendPatch(text, patch);
  out += R"(,"patchType":"JSONPatch","patch":")";
  AppendBase64(out, text);
  out += '"';
}

}  // namespace

std::string EncodeReview(const AdmissionAnswer& answer) {
  std::string out;
  out.reserve(4096);
  out += R"({"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":)";
  AppendJsonString(out, answer.uid);
  AppendMember(out, "allowed");
  out += answer.allowed ? "true" : "false";
  if (!answer.allowed || !answer.message.empty()) {
    AppendMember(out, "status");
    out += R"({"code":)";
    out += std::to_string(answer.code);
    out += R"(,"message":)";
    AppendJsonString(out, answer.message);
    out += '}';
  }
  if (answer.allowed && !answer.patch.empty()) AppendEncodedPatch(out, answer.patch);
  if (!answer.audit_annotations.empty()) {
    AppendMember(out, "auditAnnotations");
    char before = '{';
    for (const auto& [key, value] : answer.audit_annotations) {
      out += before;
      AppendJsonString(out, key);
      out += ':';
      AppendJsonString(out, value);
      before = ',';
    }
    out += '}';
  }
  if (!answer.warnings.empty()) {
    AppendMember(out, "warnings");
    char before = '[';
    for (const std::string& warning : answer.warnings) {
      out += before;
      AppendJsonString(out, warning);
      before = ',';
    }
    out += ']';
  }
  out += "}}";
  return out;
}

}  // namespace ballast::webhook
