// What holds of all symptoms, and of the numbers that they are made of.
#include "policy/symptoms/symptoms.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "policy/symptoms/finding.h"

namespace ballast::policy {
namespace {

// The ids are what others read: none may be renamed.
TEST(Symptoms, AreTheKnownOnes) {
  std::string ids;
  for (const Symptom* symptom : AllSymptoms()) ids += std::string(symptom->id) + " ";
  EXPECT_EQ(
      ids,
      "large-task large-task-binary large-broadcast kryo-buffer-overflow class-not-registered "
      "not-serializable deep-lineage serialization-time deserialization-time gc-time "
      "storage-evicted off-heap-full spill shuffle-volume too-many-small-tasks too-few-tasks "
      "skew executor-oom driver-oom stack-overflow container-killed python-memory "
      "result-too-large message-too-large heartbeat-timeout executor-lost fetch-failure "
      "unused-memory idle-cores executor-churn unfinished-log damaged-log ");
}

// In a static library nothing else would miss a file that is in no list.
TEST(Symptoms, EachHasItsFile) {
  std::set<std::string> ids;
  for (const Symptom* symptom : AllSymptoms()) {
    std::string stem(symptom->id);
    for (char& c : stem) c = c == '-' ? '_' : c;
    EXPECT_TRUE(std::filesystem::exists(std::string(BALLAST_SOURCE_DIR) + "/policy/symptoms/" +
                                        stem + ".cc"))
        << stem;
    EXPECT_EQ(FindSymptom(symptom->id), symptom);
    EXPECT_FALSE(symptom->about.empty());
  }
  EXPECT_EQ(FindSymptom("none"), nullptr);
}

TEST(Symptoms, NothingIsWrongWithNothing) { EXPECT_TRUE(Diagnose(ApplicationRun()).empty()); }

TEST(Symptoms, TheWorstComesFirst) {
  ApplicationRun run;
  run.inputs = {{.source = "a", .unfinished = "cut"}};
  run.sightings.Add({.sight = Sight::kSpill}, {}, false);
  run.sightings.Add({.sight = Sight::kDriverHeap}, {}, false);
  std::string ids;
  for (const SymptomFinding& finding : Diagnose(run)) ids += std::string(finding.symptom) + " ";
  EXPECT_EQ(ids, "driver-oom spill unfinished-log ");
}

TEST(Spread, IsExactForFewAndCloseForMany) {
  SpreadGatherer gatherer;
  EXPECT_EQ(gatherer.Summary(), Spread());
  for (const int64_t value : {5, 1, 3, 4, 2}) gatherer.Add(value);
  EXPECT_EQ(gatherer.Summary(),
            (Spread{.count = 5, .sum = 15, .least = 1, .median = 3, .p95 = 4, .most = 5}));
  for (int64_t i = 6; i <= 10'000; ++i) gatherer.Add(i);
  const Spread many = gatherer.Summary();
  EXPECT_EQ(many.count, 10'000);
  EXPECT_EQ(many.most, 10'000);
  EXPECT_NEAR(static_cast<double>(many.median), 5000, 5000.0 / 32);
  EXPECT_NEAR(static_cast<double>(many.p95), 9500, 9500.0 / 32);
  gatherer.Add(-7);
  gatherer.Add(INT64_MAX);
  EXPECT_EQ(gatherer.Summary().least, 0);
  EXPECT_EQ(gatherer.Summary().most, INT64_MAX);
  EXPECT_EQ(gatherer.Summary().sum, INT64_MAX);
}

TEST(Sightings, CountEventsAndLinesApart) {
  Sightings all;
  all.Add({.sight = Sight::kSpill, .amount = 5, .stage = 1}, {"a", 1, "first"}, false);
  all.Add({.sight = Sight::kSpill, .amount = 9, .stage = 2}, {"a", 2, "worst"}, false);
  all.Add({.sight = Sight::kSpill, .amount = 7, .stage = 1}, {"b", 3, "event"}, true);
  const Sighting& spill = all.of(Sight::kSpill);
  EXPECT_EQ(spill.count(), 2);
  EXPECT_EQ(spill.first.text, "first");
  EXPECT_EQ(spill.worst.text, "worst");
  EXPECT_EQ(spill.stages, (std::vector<int64_t>{1, 2}));
  for (int64_t i = 0; i < 100; ++i) all.Add({.sight = Sight::kSpill, .stage = i}, {}, true);
  EXPECT_EQ(spill.stages.size(), kPlacesKept);
}

TEST(Words, AreShort) {
  EXPECT_EQ(DescribeMillis(999), "999 ms");
  EXPECT_EQ(DescribeMillis(1000), "1 s");
  EXPECT_EQ(DescribeMillis(119'940), "119.9 s");
  EXPECT_EQ(DescribeMillis(120'000), "2 min");
  EXPECT_EQ(DescribeMillis(7'200'000), "2 h");
  EXPECT_EQ(NeatSize(1), "1m");
  EXPECT_EQ(NeatSize(255), "255m");
  EXPECT_EQ(NeatSize(257), "512m");
  EXPECT_EQ(NeatSize(1025), "1280m");
  EXPECT_EQ(NeatSize(4097), "5g");
  EXPECT_EQ(PowerOfTwoAbove(63), 64);
  EXPECT_EQ(PowerOfTwoAbove(64), 128);
  EXPECT_EQ(InStages({}), "");
  EXPECT_EQ(InStages({3}), " (stage 3)");
  EXPECT_EQ(InStages({1, 2, 3, 4, 5, 6}), " (stages 1, 2, 3, 4 and 2 more)");
}

}  // namespace
}  // namespace ballast::policy
