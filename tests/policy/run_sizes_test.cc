#include "policy/run_sizes.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/print_value.h"

namespace ballast::policy {
namespace {

// A run of one executor that was given 8g and used some of it.
ApplicationRun RunOf(int64_t heap_mebibytes) {
  ApplicationRun run;
  run.id = "spark-1";
  run.finished = true;
  run.has_event_log = true;
  run.conf.Set("spark.executor.memory", "8g");
  run.conf.Set("spark.driver.memory", "4g");
  ExecutorRun driver;
  driver.id = "driver";
  driver.peak.heap = Mebibytes(1000);
  ExecutorRun executor;
  executor.id = "1";
  executor.peak.heap = Mebibytes(heap_mebibytes);
  run.executors = {driver, executor};
  run.executors_seen = 1;
  return run;
}

std::string Sizes(const std::vector<ApplicationRun>& runs) {
  std::vector<RunUses> uses;
  for (const ApplicationRun& run : runs) uses.push_back(UsesOf(run));
  std::string text;
  for (const SizedSetting& sized : SizesFromRuns(uses)) {
    text += std::string(sized.key) + " " + PrintExactSize(sized.size.asked) + " -> " +
            PrintExactSize(sized.size.proposed) + " " + std::string(Name(sized.size.confidence)) +
            "\n";
  }
  return text;
}

TEST(RunSizes, HeapsOfExecutorsAndDriver) {
  EXPECT_EQ(Sizes({}), "");
  EXPECT_EQ(Sizes({RunOf(2000), RunOf(3000), RunOf(2500)}),
            "spark.executor.memory 8g -> 3840m medium\n"
            "spark.driver.memory 4g -> 1280m medium\n");
}

TEST(RunSizes, OverheadWhereProcessesWereMeasured) {
  ApplicationRun run = RunOf(2000);
  run.conf.Set("spark.executor.memoryOverhead", "4g");
  run.executors[1].peak.jvm_resident = Mebibytes(3000);
  run.executors[1].peak.other_resident = Mebibytes(100);
  EXPECT_EQ(Sizes({run}),
            "spark.executor.memory 8g -> 2560m low\n"
            "spark.executor.memoryOverhead 4g -> 1536m low\n"
            "spark.driver.memory 4g -> 1280m low\n");
  // Memory that has a place of its own in the pod is no overhead.
  run.conf.Set("spark.memory.offHeap.enabled", "true");
  run.conf.Set("spark.memory.offHeap.size", "1g");
  run.executors[1].peak.off_storage = Mebibytes(200);
  EXPECT_EQ(Sizes({run}),
            "spark.executor.memory 8g -> 2560m low\n"
            "spark.executor.memoryOverhead 4g -> 512m low\n"
            "spark.memory.offHeap.size 1g -> 256m low\n"
            "spark.driver.memory 4g -> 1280m low\n");
}

TEST(RunSizes, WhatRanOutGoesUp) {
  ApplicationRun run = RunOf(7900);
  run.sightings.Add({.sight = Sight::kExecutorHeap}, {}, true);
  run.sightings.Add({.sight = Sight::kDriverHeap}, {}, false);
  EXPECT_EQ(Sizes({run}),
            "spark.executor.memory 8g -> 12g low\n"
            "spark.driver.memory 4g -> 6g low\n");
}

// What is asked for is what the run that ended last asked for.
TEST(RunSizes, AreTakenInOrderOfTime) {
  ApplicationRun newer = RunOf(2000);
  newer.conf.Set("spark.executor.memory", "4g");
  newer.ended = 2000;
  ApplicationRun older = RunOf(2000);
  older.ended = 1000;
  EXPECT_TRUE(Sizes({newer, older}).starts_with("spark.executor.memory 4g -> 2560m"));
  EXPECT_TRUE(Sizes({older, newer}).starts_with("spark.executor.memory 4g -> 2560m"));
}

TEST(RunSizes, ALogThatBreaksOffIsNoWholeRun) {
  ApplicationRun cut = RunOf(2000);
  cut.finished = false;
  EXPECT_EQ(Sizes({RunOf(2000), RunOf(2000), cut}),
            "spark.executor.memory 8g -> 2560m low\n"
            "spark.driver.memory 4g -> 1280m low\n");
}

}  // namespace
}  // namespace ballast::policy
