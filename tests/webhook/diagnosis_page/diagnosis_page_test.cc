#include "webhook/diagnosis_page/diagnosis_page.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "webhook/diagnosis_page/run_charts.h"

namespace ballast::webhook {
namespace {

using policy::ApplicationRun;
using policy::ExecutorRun;
using policy::Gibibytes;
using policy::Mebibytes;
using policy::StageRun;

constexpr int64_t kStart = 1'764'100'000'000;  // ms since 1970

// Four stages, one of which failed.
void AddStages(ApplicationRun& run) {
  const struct {
    int64_t from, to;
    const char* name;
    const char* failure;
  } kStages[] = {{5, 120, "map at Sessions.scala:31", ""},
                 {60, 240, "map at Sessions.scala:44", ""},
                 {240, 420, "reduceByKey at Sessions.scala:52", "Job aborted: FetchFailed"},
                 {420, 590, "saveAsTextFile at Sessions.scala:60", ""}};
  for (const auto& one : kStages) {
    StageRun stage;
    stage.id = static_cast<int64_t>(run.stages.size());
    stage.name = one.name;
    stage.submitted = kStart + one.from * 1000;
    stage.completed = kStart + one.to * 1000;
    stage.failure = one.failure;
    const int64_t wall = (one.to - one.from) * 12'000;
    stage.times.wall = wall;
    stage.times.run = wall * 9 / 10;
    stage.times.gc = wall / 6;
    stage.times.fetch_wait = stage.id > 1 ? wall / 5 : 0;
    stage.times.shuffle_write = wall / 20;
    stage.times.deserialization = wall / 30;
    stage.times.serialization = wall / 60;
    run.totals.times += stage.times;
    run.stages.push_back(stage);
  }
}

// Three executors over ten minutes.
ApplicationRun SessionsRun() {
  ApplicationRun run;
  run.source = "logs/sessions";
  run.id = "spark-0123";
  run.name = "sessions";
  run.spark_version_text = "3.5.6";
  run.started = kStart;
  run.ended = kStart + 600'000;
  run.finished = true;
  run.has_event_log = true;
  run.conf.Set("spark.executor.memory", "8g");
  run.conf.Set("spark.executor.cores", "4");
  run.executors_seen = 3;
  run.most_executors = 3;
  for (int i = 1; i <= 3; ++i) {
    ExecutorRun executor;
    executor.id = std::to_string(i);
    for (int k = 0; k < 60; ++k) {
      // A saw tooth, as garbage collection makes it.
      const int64_t heap = 900 + 300 * i + (k * 170 + i * 400) % (1200 * i);
      policy::MemorySample sample;
      sample.at = kStart + 10'000 * k;
      sample.heap = Mebibytes(heap);
      sample.jvm_resident = Mebibytes(heap + 900 + 20 * k);
      executor.memory.push_back(sample);
      executor.peak.RaiseTo(executor.memory.back());
    }
    run.executors.push_back(executor);
  }
  AddStages(run);
  run.totals.jobs = 1;
  run.totals.stages = 4;
  run.totals.tasks = 3200;
  run.totals.failed_tasks = 7;
  return run;
}

std::vector<policy::SymptomFinding> Findings() {
  return {{.symptom = "gc-time",
           .severity = policy::Severity::kHigh,
           .summary = "GC took 16.7 % of task time (stages 0, 1, 2 and 3)",
           .cause = "The heap is too small for what its tasks hold at once.",
           .evidence = {.count = 4,
                        .stages = {0, 1, 2, 3},
                        .executors = {"1", "2"},
                        .first = policy::LogLine{"driver.log", 812, "GC overhead limit exceeded"},
                        .numbers = {{"share", 0.167},
                                    {"longestMillis", 41'000.0},
                                    {"peakHeapBytes", 4.5 * 1024 * 1024 * 1024}}},
           .settings = {{"spark.executor.memory", "8g", "12g", "more heap for each task"},
                        {"spark.serializer", "", "org.apache.spark.serializer.KryoSerializer",
                         "fewer objects"}}},
          {.symptom = "unused-memory",
           .severity = policy::Severity::kLow,
           .summary = "executors used at most 4.4 GiB of a heap of 8 GiB",
           .cause = "The settings were copied."}};
}

SizedApplication Sized() {
  policy::RightSize size;
  size.runs = 12;
  size.p95 = size.most = Mebibytes(4500);
  size.asked = Gibibytes(8);
  size.proposed = Gibibytes(6);
  size.confidence = policy::Confidence::kHigh;
  size.why = "the most of the 12 runs was 4.3 GiB; that and 20 %";
  return {"sessions", {{"spark.executor.memory", size}}};
}

std::string Page(const ApplicationRun& run, std::vector<policy::SymptomFinding> findings) {
  const std::vector<DiagnosedRun> runs = {{&run, std::move(findings)}};
  const std::vector<SizedApplication> sized = {Sized()};
  return DiagnosisPage(runs, sized);
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Looked at in a browser, light and dark, wide and narrow, when it was written; UPDATE_GOLDEN=1
// writes it anew.
TEST(DiagnosisPageTest, IsAsItWasLookedAt) {
  const std::string file =
      std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/diagnosis_page/sessions.html";
  std::string html = Page(SessionsRun(), Findings());
  const std::string maker = "Made by ballast ";
  const size_t version = html.find(maker) + maker.size();
  html.replace(version, html.find('<', version) - version, "VERSION");
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << html;
  std::ifstream stream(file);
  std::ostringstream want;
  want << stream.rdbuf();
  EXPECT_EQ(html, want.str());
}

// Whatever a log holds is text: nothing of it is markup, nothing is fetched, nothing runs.
TEST(DiagnosisPageTest, WhatComesFromLogsIsText) {
  const std::string evil = "</style><script>alert(1)</script><img src=x onerror=y>\"'&\x01\xFF";
  ApplicationRun run = SessionsRun();
  run.name = run.id = run.source = run.spark_version_text = evil;
  run.inputs = {{evil, evil, evil, 1}};
  for (ExecutorRun& executor : run.executors) executor.id = evil;
  for (StageRun& stage : run.stages) stage.name = stage.failure = evil;
  auto findings = Findings();
  for (auto& finding : findings) {
    finding.summary = finding.cause = evil;
    finding.evidence.executors = {evil};
    finding.evidence.first = finding.evidence.worst = policy::LogLine{evil, 1, evil};
    finding.settings = {{evil, evil, evil, evil}};
  }
  const std::string html = Page(run, findings);
  for (const char* part :
       {"<script", "<img", "http://", "https://", "url(", "@import", "\x01", "\xFF"}) {
    EXPECT_FALSE(Has(html, part)) << part;
  }
  EXPECT_TRUE(Has(html, "&lt;script&gt;"));
  EXPECT_EQ(html.find("</style>"), html.rfind("</style>"));
  EXPECT_TRUE(Has(html, "default-src 'none'; style-src 'unsafe-inline'"));
}

TEST(DiagnosisPageTest, SaysWhatItCouldNotRead) {
  ApplicationRun run;
  run.source = "driver.log";
  run.inputs = {{"driver.log", "it ends within a line", "", 0}};
  const std::vector<DiagnosedRun> runs = {{&run, {}}};
  const std::string html = DiagnosisPage(runs, {});
  EXPECT_TRUE(Has(html, "it ends within a line")) << html;
  EXPECT_TRUE(Has(html, "Nothing was found to be wrong.")) << html;
  EXPECT_TRUE(Has(html, "The logs hold nothing to draw")) << html;
}

TEST(RunChartsTest, PartsOfTimeAreTheWhole) {
  const ApplicationRun run = SessionsRun();
  const PartsChart chart = TaskTimeChart(run);
  ASSERT_EQ(chart.rows.size(), 5U);
  int64_t sum = 0;
  for (const int64_t part : chart.rows[0].parts) sum += part;
  EXPECT_EQ(sum, run.totals.times.wall);
  EXPECT_EQ(chart.rows[1].name, "stage 1: map at Sessions.scala:44");  // the longest first
  // GC that counts a pause for every task that it stopped never makes the parts exceed the run.
  ApplicationRun collecting = run;
  collecting.totals.times.gc = collecting.totals.times.run * 5;
  int64_t held = 0;
  const PartsChart held_chart = TaskTimeChart(collecting);
  for (const int64_t part : held_chart.rows[0].parts) held += part;
  EXPECT_EQ(held, run.totals.times.wall);
}

TEST(RunChartsTest, LimitsAreThoseOfHeapAndPod) {
  const ApplicationRun run = SessionsRun();
  EXPECT_EQ(HeapChart(run).limit, Gibibytes(8));
  EXPECT_EQ(PodChart(run).limit, Mebibytes(8192 + 819));
  EXPECT_EQ(PodChart(run).lines.size(), 3U);
  ApplicationRun local = run;
  local.conf.Set("spark.master", "local[2]");
  local.conf.Set("spark.driver.memory", "3g");
  local.executors.front().id = "driver";
  EXPECT_EQ(HeapChart(local).limit, Gibibytes(3));
  ASSERT_EQ(HeapChart(local).lines.size(), 1U);
  EXPECT_EQ(HeapChart(local).lines[0].name, "driver");
}

}  // namespace
}  // namespace ballast::webhook
