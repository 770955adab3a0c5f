// What bounds a rewrite besides the policy, through the whole engine.
#include "policy/pod_bounds.h"

#include <gtest/gtest.h>

#include <string>

#include "policy/evaluate.h"
#include "tests/policy/random_case.h"

namespace ballast::policy {
namespace {

// The settings that change, in order of their keys; of a rejection why the rewrite was refused.
std::string AnswerOf(const Workload& workload, const Policy& policy) {
  const Decision decision = Evaluate(workload, policy, ClusterCapacity());
  constexpr std::string_view kBecause = "refused, because ";
  for (const Finding& finding : decision.findings) {
    if (finding.action != Action::kReject) continue;
    return finding.message.substr(finding.message.find(kBecause));
  }
  std::string text;
  for (const SettingChange& change :
       SparkConf::Difference(decision.before.conf, decision.after.conf)) {
    text += (text.empty() ? "" : ", ") + change.key + "=" + change.value.value_or("-");
  }
  EXPECT_EQ(Evaluate(decision.after, policy, ClusterCapacity()).verdict, VerdictKind::kAdmitted);
  return text;
}

struct Case {
  const char* name;
  ConfMap conf;
  void (*arrange)(Workload&, Policy&);
  const char* want;
};

void Check(const Case& test) {
  SCOPED_TRACE(test.name);
  Workload workload = WorkloadOf(test.conf);
  Policy policy = BuiltInPolicy();
  for (const char* rule : {"driver-shape", "executor-shape", "memory-overhead", "settings"}) {
    policy.rules[rule] = Mode::kEnforce;
  }
  test.arrange(workload, policy);
  EXPECT_EQ(AnswerOf(workload, policy), test.want);
}

void DriverAtLeast4g(Workload&, Policy& policy) { policy.limits.driver.heap.min = Gibibytes(4); }
void OverheadOf20Percent(Workload&, Policy& policy) {
  policy.limits.executor.overhead_factor.min = 0.2;
}
void SettingOf4Cores(Workload&, Policy& policy) {
  policy.settings["spark.executor.cores"] = {
      "spark.executor.cores", SettingRule::Type::kNumber, "4", "", {}, "", false, false};
}

TEST(PodBounds, WrittenLimitsRiseWithTheRequest) {
  const Case cases[] = {
      {"DriversMemory",
       {{"spark.driver.memory", "2g"}, {"driver.memoryLimit", "3g"}},
       &DriverAtLeast4g,
       "driver.memoryLimit=4505m, spark.driver.memory=4g"},
      {"DriversMemoryAtTheLimit",
       {{"spark.driver.memory", "2g"}, {"driver.memoryLimit", "4505Mi"}},
       &DriverAtLeast4g,
       "spark.driver.memory=4g"},
      {"Overhead",
       {{"spark.executor.memory", "4g"}, {"executor.memoryLimit", "4600m"}},
       &OverheadOf20Percent,
       "executor.memoryLimit=4915m, spark.executor.memoryOverheadFactor=0.2"},
      {"NoRequestRises",
       {{"spark.executor.memory", "4g"}, {"executor.memoryLimit", "1g"}},
       &DriverAtLeast4g,
       "spark.driver.memory=4g"},
      {"Cores",
       {{"spark.executor.cores", "2"}, {"spark.kubernetes.executor.limit.cores", "2"}},
       &SettingOf4Cores,
       "spark.executor.cores=4, spark.kubernetes.executor.limit.cores=4"},
  };
  for (const Case& test : cases) Check(test);
}

void FourCores(Workload& workload, Policy& policy, MilliCpu template_limit) {
  workload.executor_extras.template_cpu_limit = template_limit;
  policy.limits.executor.cores.min = Cores(4);
}

TEST(PodBounds, TheTemplatesLimitDoesNot) {
  const ConfMap conf = {{"spark.executor.cores", "1"},
                        {"spark.executor.memory", "1g"},
                        {"spark.executor.instances", "8"}};
  const Case cases[] = {
      {"AtIt", conf,
       [](Workload& workload, Policy& policy) { FourCores(workload, policy, Cores(4)); },
       "spark.executor.cores=4, spark.executor.instances=2, spark.executor.memory=3196m"},
      {"OverIt", conf,
       [](Workload& workload, Policy& policy) { FourCores(workload, policy, Millis(3999)); },
       "refused, because the pod template limits the executor's cpu to 3999m, and Kubernetes "
       "refuses a limit below the request: raise it there"},
  };
  for (const Case& test : cases) Check(test);
}

void DriverAtMost8g(Workload&, Policy& policy) { policy.limits.driver.heap.max = Gibibytes(8); }

TEST(PodBounds, NoDriversHeapIsLoweredUnderItsInitialOne) {
  constexpr const char* kHeap = "spark.driver.memory";
  constexpr const char* kDefault = "spark.driver.defaultJavaOptions";
  constexpr const char* kExtra = "spark.driver.extraJavaOptions";
  constexpr const char* kLowered = "spark.driver.memory=8g";
  const std::string at = "refused, because the driver's java options start its JVM with a heap of ";
  const std::string end = ", which ends at once where the largest is below that: lower both";
  const std::string at_20g = at + "20g" + end;
  const std::string at_8193m = at + "8193m" + end;
  const std::string at_9g = at + "9g" + end;
  const Case cases[] = {
      {"AtIt", {{kHeap, "20g"}, {kExtra, "-Xms8g -XX:+UseG1GC"}}, &DriverAtMost8g, kLowered},
      {"UnderIt", {{kHeap, "20g"}, {kExtra, "-Xms8193m"}}, &DriverAtMost8g, at_8193m.c_str()},
      {"AsLargeAsTheHeap",
       {{kHeap, "20g"}, {kExtra, "-XX:+UseG1GC \"-Xms20G\""}},
       &DriverAtMost8g,
       at_20g.c_str()},
      {"ByItsLongName",
       {{kHeap, "20g"}, {kDefault, "-XX:InitialHeapSize=9663676416"}},
       &DriverAtMost8g,
       at_9g.c_str()},
      {"TheLastOneCounts",
       {{kHeap, "20g"}, {kDefault, "-Xms20g"}, {kExtra, "-Xms1g"}},
       &DriverAtMost8g,
       kLowered},
      {"AnotherOptionsValue",
       {{kHeap, "20g"}, {kExtra, "-Da='b -Xms20g'"}},
       &DriverAtMost8g,
       kLowered},
      {"AnExecutorsIsOverriddenByItsImage",
       {{kHeap, "20g"}, {"spark.executor.extraJavaOptions", "-Xms20g"}},
       &DriverAtMost8g,
       kLowered},
  };
  for (const Case& test : cases) Check(test);
}

}  // namespace
}  // namespace ballast::policy
