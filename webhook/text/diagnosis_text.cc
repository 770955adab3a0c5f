#include "webhook/text/diagnosis_text.h"

#include "policy/cut_text.h"
#include "policy/evaluate.h"
#include "policy/symptoms/finding.h"

namespace ballast::webhook {
namespace {

constexpr std::string_view kIndent = "            ";  // as wide as a severity and its blanks
constexpr size_t kMostQuoted = 160;                   // bytes of a log's line

// What logs hold may be anything.
std::string Printable(std::string_view text) {
  std::string printable(text);
  for (char& c : printable) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) c = ' ';
  }
  return printable;
}

Colour ColourOf(policy::Severity severity) {
  switch (severity) {
    case policy::Severity::kCritical:
    case policy::Severity::kHigh:
      return Colour::kRed;
    case policy::Severity::kMedium:
      return Colour::kYellow;
    case policy::Severity::kLow:
      return Colour::kBlue;
    case policy::Severity::kInfo:
      return Colour::kFaint;
  }
  return Colour::kNone;
}

std::string Heading(const Diagnosis& diagnosis, const Paint& paint) {
  std::string text = paint(Colour::kBold, Printable(diagnosis.source));
  if (!diagnosis.name.empty()) text += "  " + Printable(diagnosis.name);
  if (!diagnosis.id.empty()) text += " (" + Printable(diagnosis.id) + ")";
  text += "\n";
  if (!diagnosis.spark_version.empty()) text += "  Spark " + Printable(diagnosis.spark_version);
  if (diagnosis.has_event_log) {
    text += diagnosis.spark_version.empty() ? "  " : ", ";
    text += policy::Counted(diagnosis.totals.jobs, "job") + ", " +
            policy::Counted(diagnosis.totals.stages, "stage") + ", " +
            policy::Counted(diagnosis.totals.tasks, "task");
    if (diagnosis.totals.failed_tasks > 0) {
      text += " (" + std::to_string(diagnosis.totals.failed_tasks) + " failed)";
    }
    if (diagnosis.started > 0 && diagnosis.ended > diagnosis.started) {
      text += " in " + policy::DescribeMillis(diagnosis.ended - diagnosis.started);
    }
  }
  if (!text.ends_with("\n")) text += "\n";
  return text;
}

std::string Quoted(std::string_view label, const policy::LogLine& line) {
  return std::string(kIndent) + std::string(label) + Printable(line.source) + ":" +
         std::to_string(line.line) + ": " + Printable(policy::CutText(line.text, kMostQuoted)) +
         "\n";
}

std::string FindingText(const policy::SymptomFinding& finding, const Paint& paint) {
  std::string name(policy::Name(finding.severity));
  name.resize(kIndent.size() - 4, ' ');
  std::string text = "  " + paint(ColourOf(finding.severity), name) + "  ";
  const std::string first = std::string(finding.symptom) + ": " + Printable(finding.summary);
  text += Wrapped(first, kIndent) + "\n";
  text += std::string(kIndent) + Wrapped(finding.cause, kIndent) + "\n";
  if (finding.evidence.first.line > 0) text += Quoted("first  ", finding.evidence.first);
  if (finding.evidence.worst.line > 0 && finding.evidence.worst != finding.evidence.first) {
    text += Quoted("worst  ", finding.evidence.worst);
  }
  for (const policy::ProposedSetting& setting : finding.settings) {
    const std::string change = setting.key + "=" + setting.to +
                               (setting.from.empty() ? "" : "  (was " + setting.from + ")") + ": " +
                               setting.why;
    text += std::string(kIndent) + "set    " +
            Wrapped(Printable(change), std::string(kIndent) + "       ") + "\n";
  }
  return text;
}

}  // namespace

std::string DiagnosisText(const Diagnosis& diagnosis, const Paint& paint) {
  std::string text = Heading(diagnosis, paint);
  if (diagnosis.findings.empty()) {
    text += diagnosis.has_event_log
                ? "  Nothing is wrong with it.\n"
                : "  Nothing is told in these logs; an event log would tell more.\n";
  }
  for (const policy::SymptomFinding& finding : diagnosis.findings) {
    text += "\n" + FindingText(finding, paint);
  }
  return text;
}

}  // namespace ballast::webhook
