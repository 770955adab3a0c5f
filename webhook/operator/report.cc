#include "webhook/operator/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "k8s/api/client.h"
#include "k8s/json_text.h"
#include "webhook/admission/answer_texts.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::Action;
using policy::Finding;
using policy::VerdictKind;

constexpr std::string_view kReportApi = "/apis/openreports.io/v1alpha1";
constexpr size_t kMostResults = 30;
constexpr size_t kLongestMessage = 1000;
constexpr const char* kSource = "ballast";
// By which label ours are found again.
constexpr std::string_view kManagedBy = "app.kubernetes.io/managed-by";
constexpr const char* kCategory = "Spark resources";

std::string Cut(std::string text) {
  if (text.size() <= kLongestMessage) return text;
  size_t end = kLongestMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  text.resize(end);
  return text + "...";
}

// A rewrite that was made holds the policy; one that is outstanding does not.
const char* ResultOf(const Finding& finding, const Audited& audited) {
  switch (finding.action) {
    case Action::kReject:
      return "fail";
    case Action::kRewrite:
      if (audited.decision.verdict != VerdictKind::kRewritten) return "warn";
      return audited.outstanding.value_or(true) ? "fail" : "pass";
    case Action::kWarn:
      break;
  }
  return "warn";
}

json Result(const Audited& audited, const char* result, std::string message) {
  return {{"source", kSource},
          {"policy", audited.policies.empty() ? kSource : audited.policies},
          {"category", kCategory},
          {"result", result},
          {"scored", std::string_view(result) != "warn"},
          {"message", Cut(std::move(message))}};
}

json ResultOfFinding(const Audited& audited, const Finding& finding, const char* result) {
  json one = Result(audited, result, finding.message);
  one["rule"] = finding.rule;
  one["severity"] = Name(finding.severity);
  json& properties = one["properties"];
  properties["action"] = Name(finding.action);
  if (!finding.before.empty()) properties["before"] = Cut(finding.before);
  if (!finding.after.empty()) properties["after"] = Cut(finding.after);
  return one;
}

// A rewrite of another day, which policy and cluster would not ask for any more.
bool RewrittenOnce(const Audited& audited) {
  const auto& findings = audited.decision.findings;
  return audited.decision.verdict == VerdictKind::kRewritten &&
         std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.action == Action::kRewrite; });
}

json ResultsOf(const Audited& audited) {
  json results = json::array();
  if (audited.unreadable) {
    results.push_back(
        Result(audited, "error", audited.unreadable->where + ": " + audited.unreadable->what));
    return results;
  }
  for (const Finding& finding : audited.decision.findings) {
    results.push_back(ResultOfFinding(audited, finding, ResultOf(finding, audited)));
  }
  if (RewrittenOnce(audited)) {
    results.push_back(
        Result(audited, "pass",
               "rewritten when it was submitted: " + SizesInBrief(audited.decision.before) +
                   " became " + SizesInBrief(audited.decision.after)));
  }
  for (const SkippedFinding& skipped : audited.skipped) {
    json one = ResultOfFinding(audited, skipped.finding, "skip");
    if (!skipped.exception.empty()) one["properties"]["exception"] = skipped.exception;
    results.push_back(std::move(one));
  }
  if (results.size() > kMostResults) results.erase(results.begin() + kMostResults, results.end());
  return results;
}

json SummaryOf(const json& results) {
  json summary = {{"pass", 0}, {"fail", 0}, {"warn", 0}, {"error", 0}, {"skip", 0}};
  for (const json& result : results) {
    json& count = summary[result["result"].get<std::string>()];
    count = count.get<int>() + 1;
  }
  return summary;
}

// FNV-1a of the text, in hex.
std::string DigestOf(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3;
  }
  std::array<char, 20> hex{};
  std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash));
  return hex.data();
}

}  // namespace

std::string ReportsPath(std::string_view namespace_name) {
  return std::string(kReportApi) + "/namespaces/" + std::string(namespace_name) + "/reports";
}

std::string OwnReportsPath() {
  return std::string(kReportApi) +
         "/reports?labelSelector=" + k8s::QueryValue(std::string(kManagedBy) + "=" + kSource);
}

std::string ReportName(std::string_view uid) { return "ballast-" + std::string(uid); }

json ReportOf(const Audited& audited, std::string_view uid, int64_t now_seconds) {
  const policy::ResourceRef& resource = audited.resource;
  const json scope = {{"apiVersion", resource.api_version},
                      {"kind", resource.kind},
                      {"namespace", resource.namespace_name},
                      {"name", resource.name},
                      {"uid", uid}};
  json results = ResultsOf(audited);
  const std::string digest = DigestOf(k8s::PrintJson(scope) + k8s::PrintJson(results));
  for (json& result : results) result["timestamp"] = {{"seconds", now_seconds}, {"nanos", 0}};
  const json owner = {{"apiVersion", resource.api_version},
                      {"kind", resource.kind},
                      {"name", resource.name},
                      {"uid", uid}};
  return {{"apiVersion", "openreports.io/v1alpha1"},
          {"kind", "Report"},
          {"metadata",
           {{"name", ReportName(uid)},
            {"namespace", resource.namespace_name},
            {"labels", {{kManagedBy, kSource}}},
            {"annotations", {{kReportDigest, digest}}},
            {"ownerReferences", json::array({owner})}}},
          {"source", kSource},
          {"scope", scope},
          {"summary", SummaryOf(results)},
          {"results", std::move(results)}};
}

}  // namespace ballast::webhook
