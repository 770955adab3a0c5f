#include "tests/policy/symptoms/symptom_case.h"

#include "policy/evaluate.h"

namespace ballast::policy {

void PrintTo(const SymptomCase& row, std::ostream* out) { *out << row.name; }

std::string NameOf(const ::testing::TestParamInfo<SymptomCase>& row) { return row.param.name; }

void Check(const SymptomCase& row) {
  ApplicationRun run;
  run.version = {3, 5};
  row.observe(run);
  std::string text;
  for (const SymptomFinding& finding : row.symptom->look(run)) {
    if (!text.empty()) text += "\n";
    text += std::string(Name(finding.severity)) + ": " + finding.summary;
    for (const ProposedSetting& setting : finding.settings) {
      text += " [" + setting.key + ": " + setting.from + " -> " + setting.to + "]";
      EXPECT_FALSE(setting.why.empty()) << setting.key;
      EXPECT_NE(setting.from, setting.to) << setting.key;
    }
    EXPECT_FALSE(finding.cause.empty());
    EXPECT_GT(finding.evidence.count, 0);
  }
  EXPECT_EQ(text, row.want);
}

void See(ApplicationRun& run, const Seen& seen, const std::string& text) {
  run.sightings.Add(seen, {.source = "driver.log", .line = 7, .text = text}, false);
}

ExecutorRun& AddExecutor(ApplicationRun& run, const std::string& id, int64_t cores) {
  ExecutorRun& executor = run.executors.emplace_back();
  executor.id = id;
  executor.cores = cores;
  if (id != "driver") ++run.executors_seen;
  run.most_executors = run.executors_seen;
  run.slots += cores;
  return executor;
}

StageRun& AddStage(ApplicationRun& run, int64_t tasks, int64_t median, int64_t longest) {
  StageRun& stage = run.stages.emplace_back();
  stage.id = static_cast<int64_t>(run.stages.size()) - 1;
  stage.planned_tasks = stage.started_tasks = stage.ended_tasks = tasks;
  stage.duration = {.count = tasks,
                    .sum = median * (tasks - 1) + longest,
                    .least = median,
                    .median = median,
                    .p95 = median,
                    .most = longest};
  stage.times.wall = stage.duration.sum;
  stage.longest = {.id = 5, .executor = "1", .duration = longest};
  return stage;
}

}  // namespace ballast::policy
