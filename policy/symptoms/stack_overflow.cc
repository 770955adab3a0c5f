// A thread ran out of stack.
//
//   sees     java.lang.StackOverflowError of text logs and of failed tasks
//   proposes a larger stack for the JVM that it was in, until the cause is cured
#include "policy/symptoms/finding.h"
#include "policy/symptoms/symptoms.h"

namespace ballast::policy {
namespace {

constexpr std::string_view kStack = "-Xss16m";

void ProposeStack(const ApplicationRun& run, std::string_view key, SymptomFinding& finding) {
  const std::string now = SettingNow(run, key);
  if (now.find("-Xss") != std::string::npos) return;
  finding.settings.push_back(Propose(run, key, (now.empty() ? "" : now + " ") + std::string(kStack),
                                     "room for now: the depth itself has to be cured"));
}

std::vector<SymptomFinding> Look(const ApplicationRun& run) {
  const Sighting& lineage = run.sightings.of(Sight::kStackOverflowInLineage);
  const Sighting& plain = run.sightings.of(Sight::kStackOverflow);
  if (!lineage.seen() && !plain.seen()) return {};
  const Sighting seen = Together(lineage, plain);
  SymptomFinding finding = {
      .severity = Severity::kHigh,
      .summary = Counted(seen.count(), "StackOverflowError") + InStages(seen.stages),
      .cause =
          lineage.seen()
              ? "A chain of RDDs or a query plan was too deep to be serialized or planned: cut it "
                "with checkpoints, or build it with fewer steps (one union of many, not many of "
                "two)."
              : "A recursion was too deep for the thread's stack.",
      .evidence = EvidenceOf(seen)};
  ProposeStack(run, "spark.driver.extraJavaOptions", finding);
  if (!run.local() && !seen.executors.empty()) {
    ProposeStack(run, "spark.executor.extraJavaOptions", finding);
  }
  return {finding};
}

}  // namespace

const Symptom kStackOverflow = {"stack-overflow", "a StackOverflowError", Look};

}  // namespace ballast::policy
