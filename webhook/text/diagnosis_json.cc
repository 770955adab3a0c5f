#include "webhook/text/diagnosis_json.h"

#include <cmath>

#include "policy/evaluate.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

json LineJson(const policy::LogLine& line) {
  return {{"source", line.source}, {"line", line.line}, {"text", line.text}};
}

json EvidenceJson(const policy::SymptomFinding& finding) {
  const policy::Evidence& evidence = finding.evidence;
  json object = {{"summary", finding.summary},
                 {"count", evidence.count},
                 {"stages", evidence.stages},
                 {"executors", evidence.executors}};
  if (evidence.first.line > 0) object["first"] = LineJson(evidence.first);
  if (evidence.worst.line > 0) object["worst"] = LineJson(evidence.worst);
  for (const auto& [name, number] : evidence.numbers) {
    const bool whole = std::floor(number) == number && std::fabs(number) < 9e15;
    object[std::string(name)] = whole ? json(static_cast<int64_t>(number)) : json(number);
  }
  return object;
}

}  // namespace

json FindingJson(const policy::SymptomFinding& finding) {
  json settings = json::array();
  for (const policy::ProposedSetting& setting : finding.settings) {
    settings.push_back({{"key", setting.key},
                        {"from", setting.from.empty() ? json() : json(setting.from)},
                        {"to", setting.to},
                        {"why", setting.why}});
  }
  return {{"symptom", finding.symptom},
          {"severity", policy::Name(finding.severity)},
          {"evidence", EvidenceJson(finding)},
          {"cause", finding.cause},
          {"settings", std::move(settings)}};
}

json DiagnosisJson(const Diagnosis& diagnosis) {
  json findings = json::array();
  for (const auto& finding : diagnosis.findings) findings.push_back(FindingJson(finding));
  json inputs = json::array();
  for (const policy::InputState& input : diagnosis.inputs) {
    inputs.push_back(
        {{"source", input.source}, {"unfinished", input.unfinished}, {"damaged", input.damaged}});
  }
  return {{"source", diagnosis.source},
          {"application",
           {{"id", diagnosis.id},
            {"name", diagnosis.name},
            {"sparkVersion", diagnosis.spark_version},
            {"startedMillis", diagnosis.started},
            {"endedMillis", diagnosis.ended},
            {"finished", diagnosis.finished},
            {"jobs", diagnosis.totals.jobs},
            {"stages", diagnosis.totals.stages},
            {"tasks", diagnosis.totals.tasks},
            {"failedTasks", diagnosis.totals.failed_tasks},
            {"executors", diagnosis.executors}}},
          {"inputs", std::move(inputs)},
          {"findings", std::move(findings)}};
}

}  // namespace ballast::webhook
