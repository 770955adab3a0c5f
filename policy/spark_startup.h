// What Spark itself would refuse at start-up, stage by stage.
//
// Source: SparkSubmitArguments, the Kubernetes pod builders, the launcher, SparkConf,
// ResourceProfile, KryoSerializer, RpcUtils, UnifiedMemoryManager and ExecutorAllocationManager of
// Spark 3.3 to 4.3; held against the real classes by tests/testdata/vectors. The stage `jvm` is
// what HotSpot itself says of the driver's heap flag.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/keys_read.h"
#include "policy/spark_conf.h"
#include "policy/spark_memory.h"
#include "policy/spark_version.h"

namespace ballast::policy {

// One refusal. Stages, in the order in which Spark reaches them: submitArgs, driver, driverXmx,
// jvm, validateSettings, taskSlots, kryo, rpc, ummDriver, dynAlloc, executor, ummExecutor; and
// sparkContext, of ContextRefusals alone.
struct Refusal {
  std::string_view stage;  // static storage
  std::string setting;     // the key at fault
  std::string message;     // Spark's own reason

  bool operator==(const Refusal&) const = default;
};

// Which Spark reads what: the one that submits (the operator's own image, or the spark-submit that
// was called) makes the driver pod, the one in the application's image makes everything else.
struct SparkVersions {
  SparkVersion submit;
  SparkVersion runtime;

  bool operator==(const SparkVersions&) const = default;
};

// Every stage is judged on its own and listed even after an earlier one failed; at most one refusal
// a stage. Empty when Spark would start. The memory managers are judged with the heap that the
// settings say; where that cannot be read, `driver` (`executor`) has said so and they are silent.
std::vector<Refusal> StartupRefusals(const SparkConf& conf, Language language,
                                     SparkVersions versions);

// What lets the stages above pass and yet stops SparkContext, in the driver, on Kubernetes: the
// heartbeat receiver's timeouts, the scheduler's, the map output tracker's message size, the first
// number of executors against its bounds. All have the stage "sparkContext". They are apart because
// the stages above are held, one by one, against vectors that do not know these; `explain --batch`
// does not list them.
std::vector<Refusal> ContextRefusals(const SparkConf& conf, SparkVersion runtime);

// What one stage says, or the SparkContext, and which settings it looked at to say it.
struct StageAnswer {
  std::vector<Refusal> refusals;
  KeysRead looked_at;
};

// Asks all of the above, in their order. Answers to this configuration as it was before the keys in
// `changed` did: those that looked at none of them stay. Empty: there are none yet.
void AskStages(const SparkConf& conf, Language language, SparkVersions versions,
               std::span<const std::string> changed, std::vector<StageAnswer>& answers);

}  // namespace ballast::policy
