#include "webhook/audit/audit_text.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "webhook/text/decision_json.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
using policy::VerdictKind;

constexpr const char* kUnreadable = "Unreadable";

json TextOrNull(std::string_view text) { return text.empty() ? json() : json(text); }

json FindingJson(const policy::Finding& finding) {
  return {{"rule", finding.rule},
          {"action", Name(finding.action)},
          {"severity", Name(finding.severity)},
          {"message", finding.message},
          {"settings", finding.settings},
          {"before", TextOrNull(finding.before)},
          {"after", TextOrNull(finding.after)}};
}

json SkippedJson(const SkippedFinding& skipped) {
  json finding = FindingJson(skipped.finding);
  finding["exception"] = TextOrNull(skipped.exception);
  return finding;
}

json WorstJson(const Audited& audited) {
  if (audited.unreadable) return audited.unreadable->where + ": " + audited.unreadable->what;
  const policy::Finding* worst = WorstFinding(audited);
  if (worst == nullptr) return nullptr;
  return std::string(worst->rule) + ": " + worst->message;
}

json OneJson(const Audited& audited) {
  json findings = json::array();
  for (const policy::Finding& finding : audited.decision.findings) {
    findings.push_back(FindingJson(finding));
  }
  json skipped = json::array();
  for (const SkippedFinding& one : audited.skipped) skipped.push_back(SkippedJson(one));
  const bool readable = !audited.unreadable;
  const auto sizes = [&](const policy::Workload& workload) {
    return readable ? WorkloadJson(workload, audited.decision.executor_nodes) : json();
  };
  return {{"resource",
           {{"apiVersion", audited.resource.api_version},
            {"kind", audited.resource.kind},
            {"namespace", audited.resource.namespace_name},
            {"name", audited.resource.name}}},
          {"verdict", readable ? json(Name(audited.decision.verdict)) : json(kUnreadable)},
          {"outstanding", audited.outstanding ? json(*audited.outstanding) : json()},
          {"withoutExceptions", readable ? json(Name(audited.without_exceptions)) : json()},
          {"policies", TextOrNull(audited.policies)},
          {"worst", WorstJson(audited)},
          {"findings", std::move(findings)},
          {"skipped", std::move(skipped)},
          {"before", sizes(audited.decision.before)},
          {"after", sizes(audited.decision.after)}};
}

// What wants looking at first.
int RankOf(const Audited& audited) {
  if (audited.unreadable) return 1;
  switch (audited.decision.verdict) {
    case VerdictKind::kRejected:
      return 0;
    case VerdictKind::kRewritten:
      return audited.outstanding.value_or(true) ? 2 : 3;
    case VerdictKind::kExempt:
      return 4;
    case VerdictKind::kAdmitted:
      break;
  }
  return WorthTelling(audited) ? 5 : 6;
}

json SummaryJson(const std::vector<Audited>& all, const AuditScope& scope) {
  json counts = {{"applications", all.size()},
                 {"admitted", 0},
                 {"warned", 0},
                 {"rewritten", 0},
                 {"exempt", 0},
                 {"rejected", 0},
                 {"unreadable", 0},
                 {"outstanding", 0}};
  const auto count = [&](const char* key) { counts[key] = counts[key].get<int64_t>() + 1; };
  for (const Audited& audited : all) {
    if (audited.unreadable) {
      count("unreadable");
      continue;
    }
    switch (audited.decision.verdict) {
      case VerdictKind::kAdmitted:
        count("admitted");
        if (WorthTelling(audited)) count("warned");
        break;
      case VerdictKind::kRewritten:
        count("rewritten");
        if (audited.outstanding.value_or(false)) count("outstanding");
        break;
      case VerdictKind::kExempt:
        count("exempt");
        break;
      case VerdictKind::kRejected:
        count("rejected");
        break;
    }
  }
  counts["ended"] = scope.ended;
  return counts;
}

Colour ColourOf(const std::string& verdict) {
  if (verdict == "Rejected" || verdict == kUnreadable) return Colour::kRed;
  return verdict == "Rewritten" ? Colour::kYellow : Colour::kGreen;
}

// One line of at most so many characters of UTF-8; control characters become blanks.
std::string OneLine(const std::string& text) {
  constexpr size_t kMost = 120;
  std::string line;
  size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool begins = (byte & 0xC0) != 0x80;
    if (begins && ++characters > kMost) return line + "\xE2\x80\xA6";
    line += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return line;
}

std::string WorstText(const json& one) {
  if (!one["worst"].is_string()) return "";
  const bool skipped = one["verdict"] == "Exempt" || one["findings"].empty();
  const std::string text = one["worst"].get<std::string>();
  if (!skipped || one["skipped"].empty()) return OneLine(text);
  const json& exception = one["skipped"][0]["exception"];
  return OneLine("skipped (would be " + one["withoutExceptions"].get<std::string>() +
                 (exception.is_string() ? ", but for the exception " + exception.get<std::string>()
                                        : std::string()) +
                 "): " + text);
}

std::string SummaryText(const json& summary) {
  const auto number = [&](const char* key) { return summary[key].get<int64_t>(); };
  const int64_t all = number("applications");
  std::string text = Grouped(all) + (all == 1 ? " application" : " applications");
  bool first = true;
  const auto add = [&](const char* key, const char* more_key, const char* more) {
    if (number(key) == 0) return;
    text += (first ? ": " : ", ") + Grouped(number(key)) + " " + key;
    if (more_key != nullptr && number(more_key) > 0) {
      text += " (" + Grouped(number(more_key)) + " " + more + ")";
    }
    first = false;
  };
  add("rejected", nullptr, nullptr);
  add("unreadable", nullptr, nullptr);
  add("rewritten", "outstanding", "outstanding");
  add("exempt", nullptr, nullptr);
  add("admitted", "warned", "with a warning");
  const int64_t ended = number("ended");
  if (ended > 0) {
    text += "; " + Grouped(ended) + (ended == 1 ? " that has" : " that have") +
            " ended left out (--ended)";
  }
  return text + "\n";
}

}  // namespace

json AuditJson(const std::vector<Audited>& all, const AuditScope& scope) {
  std::vector<const Audited*> order;
  for (const Audited& audited : all) {
    if (scope.admitted || WorthTelling(audited)) order.push_back(&audited);
  }
  const auto key = [](const Audited* audited) {
    const policy::ResourceRef& resource = audited->resource;
    return std::tuple(RankOf(*audited), std::string_view(resource.namespace_name),
                      std::string_view(resource.kind), std::string_view(resource.name));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const Audited* a, const Audited* b) { return key(a) < key(b); });
  json applications = json::array();
  for (const Audited* audited : order) applications.push_back(OneJson(*audited));
  return {{"apiVersion", "policy.ballast.dev/v1alpha1"},
          {"kind", "Audit"},
          {"summary", SummaryJson(all, scope)},
          {"applications", std::move(applications)}};
}

std::string AuditText(const json& audit, const Paint& paint) {
  using Align = Table::Align;
  Table table({Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft, Align::kLeft});
  const auto head = [&](const char* text) { return paint(Colour::kBold, text); };
  table.Add(
      {head("NAMESPACE"), head("KIND"), head("NAME"), head("VERDICT"), head("WORST FINDING")});
  for (const json& one : audit["applications"]) {
    const json& resource = one["resource"];
    const std::string verdict = one["verdict"].get<std::string>();
    const bool outstanding = one["outstanding"].is_boolean() && one["outstanding"].get<bool>();
    table.Add(
        {OneLine(resource["namespace"].get<std::string>()),
         OneLine(resource["kind"].get<std::string>()), OneLine(resource["name"].get<std::string>()),
         paint(ColourOf(verdict), verdict + (outstanding ? ", outstanding" : "")), WorstText(one)});
  }
  const std::string rows = audit["applications"].empty() ? "" : table.Print() + "\n";
  return rows + SummaryText(audit["summary"]);
}

}  // namespace ballast::webhook
