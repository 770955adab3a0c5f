#include "webhook/policy_test/compare.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "k8s/json_text.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string Text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool Matches(const ExpectedFinding& expected, const json& finding) {
  return Text(finding, "rule") == expected.rule &&
         (expected.action.empty() || Text(finding, "action") == expected.action) &&
         (expected.severity.empty() || Text(finding, "severity") == expected.severity) &&
         Text(finding, "message").find(expected.message) != std::string::npos;
}

// Which finding answers which expectation: as many as can be at once, whatever the order, so that
// a general expectation never takes the finding that a narrower one needs.
class Matching {
 public:
  Matching(const std::vector<ExpectedFinding>& expected, const json& findings)
      : expected_(expected), findings_(findings), taken_by_(findings.size()) {
    for (size_t i = 0; i < expected.size(); ++i) {
      tried_.assign(findings.size(), false);
      Place(i);
    }
  }

  std::optional<size_t> FindingOf(size_t expectation) const {
    for (size_t i = 0; i < taken_by_.size(); ++i) {
      if (taken_by_[i] == expectation) return i;
    }
    return std::nullopt;
  }
  bool IsTaken(size_t finding) const { return taken_by_[finding].has_value(); }
  void Take(size_t finding, size_t expectation) { taken_by_[finding] = expectation; }

 private:
  bool Place(size_t expectation) {
    for (size_t i = 0; i < findings_.size(); ++i) {
      if (tried_[i] || !Matches(expected_[expectation], findings_[i])) continue;
      tried_[i] = true;
      if (!taken_by_[i] || Place(*taken_by_[i])) {
        taken_by_[i] = expectation;
        return true;
      }
    }
    return false;
  }

  const std::vector<ExpectedFinding>& expected_;
  const json& findings_;
  std::vector<std::optional<size_t>> taken_by_;
  std::vector<bool> tried_;
};

std::string Line(const char* indent, const char* key, const std::string& value) {
  return value.empty() ? "" : std::string(indent) + key + ": " + value + "\n";
}

std::string Quoted(const std::string& text) {
  return text.empty() ? "" : k8s::PrintJson(json(text));
}

std::string FindingText(const std::string& rule, const std::string& action,
                        const std::string& severity, const std::string& message) {
  return Line("- ", "rule", rule) + Line("  ", "action", action) +
         Line("  ", "severity", severity) + Line("  ", "message", Quoted(message));
}

// A finding that nobody expected, as it could be written into expect.yaml.
std::string WholeFinding(const json& finding) {
  return FindingText(Text(finding, "rule"), Text(finding, "action"), "", Text(finding, "message"));
}

// What was expected of a finding of the same rule, as it is.
std::string SameParts(const ExpectedFinding& expected, const json& finding) {
  const std::string message = Text(finding, "message");
  const bool holds = message.find(expected.message) != std::string::npos;
  return FindingText(expected.rule, expected.action.empty() ? "" : Text(finding, "action"),
                     expected.severity.empty() ? "" : Text(finding, "severity"),
                     holds ? expected.message : message);
}

void CompareFindings(const ExpectedDocument& expected, const json& findings,
                     Comparison& comparison) {
  Matching matching(*expected.findings, findings);
  std::string texts;
  std::string got;
  for (size_t i = 0; i < expected.findings->size(); ++i) {
    const ExpectedFinding& one = (*expected.findings)[i];
    const std::string text = FindingText(one.rule, one.action, one.severity, one.message);
    texts += text;
    if (matching.FindingOf(i)) {
      got += text;
      continue;
    }
    for (size_t k = 0; k < findings.size(); ++k) {
      if (matching.IsTaken(k) || Text(findings[k], "rule") != one.rule) continue;
      matching.Take(k, i);
      got += SameParts(one, findings[k]);
      break;
    }
  }
  for (size_t k = 0; k < findings.size(); ++k) {
    if (!matching.IsTaken(k) && !expected.more_findings) got += WholeFinding(findings[k]);
  }
  comparison.expected += (texts.empty() ? "findings: []\n" : "findings:\n") + texts;
  comparison.got += (got.empty() ? "findings: []\n" : "findings:\n") + got;
}

void CompareSizes(const json& expected, const json& got, Comparison& comparison) {
  comparison.expected += "after:\n";
  comparison.got += "after:\n";
  for (const auto& [part, numbers] : expected.items()) {
    comparison.expected += "  " + part + ":\n";
    comparison.got += "  " + part + ":\n";
    for (const auto& [key, number] : numbers.items()) {
      const json is = got.is_object() && got.contains(part) && got[part].is_object()
                          ? got[part].value(key, json())
                          : json();
      comparison.expected += "    " + key + ": " + k8s::PrintJson(number) + "\n";
      comparison.got += "    " + key + ": " + k8s::PrintJson(is) + "\n";
    }
  }
}

}  // namespace

Comparison Compare(const ExpectedDocument& expected, const json& decision) {
  Comparison comparison;
  if (!expected.verdict.empty()) {
    comparison.expected = Line("", "verdict", expected.verdict);
    comparison.got = Line("", "verdict", Text(decision, "verdict"));
  }
  if (expected.findings) {
    CompareFindings(expected, decision.value("findings", json::array()), comparison);
  }
  if (!expected.after.is_null()) {
    CompareSizes(expected.after, decision.value("after", json()), comparison);
  }
  return comparison;
}

}  // namespace ballast::webhook
