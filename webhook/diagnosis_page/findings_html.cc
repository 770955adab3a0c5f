#include "webhook/diagnosis_page/findings_html.h"

#include <cmath>
#include <string_view>
#include <vector>

#include "policy/evaluate.h"
#include "policy/print_value.h"
#include "webhook/charts/axis.h"
#include "webhook/page/html.h"
#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

using policy::SymptomFinding;

// "longestMillis" 41000 -> "longest", "41 s"; "peakBytes" -> "peak", "3.2 GiB"; "share" -> "12 %".
std::string NumberText(std::string_view name, double number) {
  const auto whole = static_cast<int64_t>(std::llround(number));
  if (name.ends_with("Millis")) return TimeLabel(whole);
  if (name.ends_with("Bytes")) return MemoryLabel(policy::Bytes(whole));
  if (name.ends_with("hare")) return Percent(std::round(number * 1000) / 1000);
  return number == std::floor(number) ? Grouped(whole) : policy::PrintNumber(number);
}

// "peakHeapBytes" -> "peak heap".
std::string NumberName(std::string_view name) {
  for (const std::string_view unit : {"Millis", "Bytes"}) {
    if (name.ends_with(unit) && name.size() > unit.size()) name.remove_suffix(unit.size());
  }
  std::string words;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') words += ' ';
    words += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return words;
}

template <typename T, typename Print>
std::string List(const std::vector<T>& values, const Print& print) {
  constexpr size_t kShown = 12;
  std::string text;
  for (size_t i = 0; i < values.size() && i < kShown; ++i) {
    text += (i == 0 ? "" : ", ") + print(values[i]);
  }
  if (values.size() > kShown) text += " and " + std::to_string(values.size() - kShown) + " more";
  return text;
}

std::string Row(std::string_view name, const std::string& escaped_value) {
  if (escaped_value.empty()) return "";
  return "<dt>" + Escaped(name) + "</dt><dd>" + escaped_value + "</dd>\n";
}

std::string LineHtml(const std::optional<policy::LogLine>& line) {
  if (!line || line->text.empty()) return "";
  return "<code>" + Escaped(line->text) + "</code><br><small>" + Foreign(line->source) + ", line " +
         Grouped(line->line) + "</small>";
}

std::string EvidenceHtml(const policy::Evidence& evidence) {
  std::string rows = Row("seen", evidence.count > 0 ? Grouped(evidence.count) : "");
  rows += Row("stages", List(evidence.stages, [](int64_t id) { return std::to_string(id); }));
  rows +=
      Row("executors", List(evidence.executors, [](const std::string& id) { return Foreign(id); }));
  for (const auto& [name, number] : evidence.numbers) {
    rows += Row(NumberName(name), Escaped(NumberText(name, number)));
  }
  rows += Row("first", LineHtml(evidence.first));
  if (evidence.worst != evidence.first) rows += Row("worst", LineHtml(evidence.worst));
  return rows.empty() ? "" : "<dl>\n" + rows + "</dl>\n";
}

std::string SettingsHtml(const std::vector<policy::ProposedSetting>& settings) {
  if (settings.empty()) return "";
  std::string html =
      "<table><thead><tr><th scope=\"col\">setting</th><th scope=\"col\">from</th>"
      "<th scope=\"col\">to</th><th scope=\"col\">why</th></tr></thead><tbody>\n";
  for (const policy::ProposedSetting& setting : settings) {
    html += "<tr><td><code>" + Escaped(setting.key) + "</code></td><td>" +
            (setting.from.empty() ? "<i>unset</i>" : "<code>" + Escaped(setting.from) + "</code>") +
            "</td><td><code>" + Escaped(setting.to) + "</code></td><td>" + Escaped(setting.why) +
            "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string FindingHtml(const SymptomFinding& finding) {
  const std::string severity(policy::Name(finding.severity));
  return "<article class=\"" + severity + "\">\n<h3><span class=\"badge\">" + severity +
         "</span> " + Escaped(finding.summary) + "</h3>\n<p>" + Escaped(finding.cause) + "</p>\n" +
         SettingsHtml(finding.settings) + EvidenceHtml(finding.evidence) + "<p class=\"id\">" +
         Escaped(finding.symptom) + "</p>\n</article>\n";
}

}  // namespace

std::string FindingsHtml(std::span<const SymptomFinding> findings) {
  if (findings.empty()) return "<p class=\"well\">Nothing was found to be wrong.</p>\n";
  std::string html;
  for (const SymptomFinding& finding : findings) html += FindingHtml(finding);
  return html;
}

std::string SizesHtml(std::span<const policy::SizedSetting> sizes) {
  if (sizes.empty()) return "";
  std::string html =
      "<table><thead><tr><th scope=\"col\">setting</th><th scope=\"col\">asked</th>"
      "<th scope=\"col\">95 % of runs</th><th scope=\"col\">most</th>"
      "<th scope=\"col\">recommended</th><th scope=\"col\">confidence</th>"
      "<th scope=\"col\">why</th></tr></thead><tbody>\n";
  for (const policy::SizedSetting& sized : sizes) {
    const policy::RightSize& size = sized.size;
    html += "<tr><td><code>" + Escaped(sized.key) + "</code></td><td><code>" +
            policy::PrintExactSize(size.asked) + "</code></td><td>" +
            policy::DescribeSize(size.p95) + "</td><td>" + policy::DescribeSize(size.most) +
            "</td><td><code>" + policy::PrintExactSize(size.proposed) + "</code></td><td>" +
            std::string(policy::Name(size.confidence)) + ", " + Grouped(size.runs) +
            (size.runs == 1 ? " run" : " runs") + "</td><td>" + Escaped(size.why) + "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

}  // namespace ballast::webhook
