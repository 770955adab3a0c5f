#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void Spark40(Workload& workload, Policy&) { workload.versions = {{4, 0}, {4, 0}}; }
void Spark42(Workload& workload, Policy&) { workload.versions = {{4, 2}, {4, 2}}; }
void OldSubmit(Workload& workload, Policy&) { workload.versions = {{4, 0}, {4, 2}}; }
void UnsetVersion(Workload& workload, Policy&) {
  workload.versions = {{4, 3}, {4, 3}};
  workload.version_known = false;
}

void NewerAndTold(Workload& workload, Policy&) {
  workload.versions = {{4, 3}, {4, 3}};
  workload.spark_version_text = "9.1.0";
  workload.unknown_version = UnknownVersion::kWarn;
}
void OlderAndRefused(Workload& workload, Policy&) {
  workload.versions = {{3, 3}, {3, 3}};
  workload.spark_version_text = "2.4.8";
  workload.unknown_version = UnknownVersion::kReject;
}
void NoVersionAndTold(Workload& workload, Policy& policy) {
  UnsetVersion(workload, policy);
  workload.spark_version_text = "latest";
  workload.unknown_version = UnknownVersion::kWarn;
}
void NoVersionAndRefused(Workload& workload, Policy& policy) {
  NoVersionAndTold(workload, policy);
  workload.unknown_version = UnknownVersion::kReject;
}

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"UnknownVersionTold",
     {},
     NewerAndTold,
     "warn: Spark 9.1.0 is none of the versions that Ballast knows (3.3 to 4.3): it is judged as "
     "4.3"},
    {"UnknownVersionRefused",
     {},
     OlderAndRefused,
     "reject: Spark 2.4.8 is none of the versions that Ballast knows (3.3 to 4.3), and such are "
     "not admitted"},
    {"NoVersionTold",
     {},
     NoVersionAndTold,
     "warn: Spark latest is no version (write it as 3.5.6), and so none of the versions that "
     "Ballast knows (3.3 to 4.3): it is judged as 4.3"},
    {"NoVersionRefused",
     {},
     NoVersionAndRefused,
     "reject: Spark latest is no version (write it as 3.5.6), and so none of the versions that "
     "Ballast knows (3.3 to 4.3), and such are not admitted"},
    {"DriverHeapThatTheJvmRefuses",
     {{"spark.driver.memory", "1gb"}},
     nullptr,
     "rewrite: spark.driver.memory=1gb: the driver's JVM does not take -Xmx1gb; use 1g "
     "[spark.driver.memory=1g]"},
    {"DriverHeapInMebibytes",
     {{"spark.driver.memory", "1024mb"}},
     nullptr,
     "rewrite: spark.driver.memory=1024mb: the driver's JVM does not take -Xmx1024mb; use 1024m "
     "[spark.driver.memory=1024m]"},
    {"DriverHeapWithoutAUnit",
     {{"spark.driver.memory", "2048"}},
     nullptr,
     "rewrite: spark.driver.memory=2048: the driver's JVM does not take -Xmx2048; use 2048m "
     "[spark.driver.memory=2048m]"},
    {"DriverHeapInBytes",
     {{"spark.driver.memory", "1073741824b"}},
     nullptr,
     "rewrite: spark.driver.memory=1073741824b: the driver's JVM does not take -Xmx1073741824b; "
     "use 1g [spark.driver.memory=1g]"},
    {"DriverHeapThatTheSubmittingSparkCannotRead",
     {{"spark.driver.memory", "1Gi"}},
     OldSubmit,
     "rewrite: spark.driver.memory=1Gi: Spark cannot read it; use 1g [spark.driver.memory=1g]"},
    {"ExecutorHeapWithoutAUnit",
     {{"spark.executor.memory", "2048"}},
     nullptr,
     "rewrite: spark.executor.memory=2048: the SparkContext takes a number without a unit for "
     "bytes; use 2048m [spark.executor.memory=2048m]"},
    {"ExecutorHeapAsKubernetesWritesIt",
     {{"spark.executor.memory", "4Gi"}},
     nullptr,
     "rewrite: spark.executor.memory=4Gi: Spark cannot read it; use 4g [spark.executor.memory=4g]"},
    {"ExecutorHeapAsKubernetesWritesItSince42", {{"spark.executor.memory", "4Gi"}}, Spark42, ""},
    {"SeveralMisspelt",
     {{"spark.executor.memory", "4 GB"},
      {"spark.driver.memory", "2Gi"},
      {"spark.network.timeout", "120 sec"},
      {"spark.rpc.message.maxSize", "256m"}},
     nullptr,
     "rewrite: spark.driver.memory=2Gi: Spark cannot read it; use 2g [spark.driver.memory=2g]\n"
     "rewrite: spark.executor.memory=4 GB: Spark cannot read it; use 4g "
     "[spark.executor.memory=4g]\n"
     "rewrite: spark.network.timeout=120 sec: Spark cannot read it; use 120s "
     "[spark.network.timeout=120s]\n"
     "rewrite: spark.rpc.message.maxSize=256m: Spark cannot read it; use 256 "
     "[spark.rpc.message.maxSize=256]"},
    {"NoOneValueIsMeant",
     {{"spark.executor.memory", "1.5g"}},
     nullptr,
     "reject: spark.executor.memory=1.5g: Spark 3.5 refuses it: Executor memory must be a positive "
     "number; use 1536m"},
    {"HeapAtSparksLeast", {{"spark.executor.memory", "450m"}}, nullptr, ""},
    {"HeapUnderSparksLeast",
     {{"spark.executor.memory", "449m"}},
     nullptr,
     "reject: spark.executor.memory=449m: Spark 3.5 refuses it: [INVALID_EXECUTOR_MEMORY] Executor "
     "memory 470810624 must be at least 471859200. Please increase executor memory using the "
     "--executor-memory option or \"spark.executor.memory\" in Spark configuration.; use at least "
     "470m"},
    {"KryoIsRejectedWhereItsRuleDidNotRepairIt",
     {{"spark.kryoserializer.buffer.max", "2048m"}},
     Spark40,
     "reject: spark.kryoserializer.buffer.max=2048m: Spark 4.0 refuses it: "
     "[INVALID_KRYO_SERIALIZER_BUFFER_SIZE] The value of the config "
     "\"spark.kryoserializer.buffer.max\" must be less than 2048 MiB, but got 2048 MiB. SQLSTATE: "
     "F0000; use at most 2047m"},
    {"MisspeltAndTooLarge",
     {{"spark.kryoserializer.buffer.max", "2gb"}},
     nullptr,
     "reject: spark.kryoserializer.buffer.max=2gb: Spark 3.5 refuses it: "
     "spark.kryoserializer.buffer.max must be less than 2048 MiB, got: 2048 MiB.; use at most "
     "2047m"},
    {"TheCoresOfATaskAreNoRemedyForASize",
     {{"spark.executor.memoryOverhead", "-1g"}},
     nullptr,
     "reject: spark.executor.memoryOverhead=-1g: Spark 3.5 refuses it: Size must be specified as "
     "bytes (b), kibibytes (k), mebibytes (m), gibibytes (g), tebibytes (t), or pebibytes(p). E.g. "
     "50b, 100k, or 250m. Failed to parse byte string: -1024"},
    {"WhatSparkTakesOtherwise",
     {{"spark.memory.fraction", "1.5"}},
     nullptr,
     "reject: spark.memory.fraction=1.5: Spark 3.5 refuses it: spark.memory.fraction should be "
     "between 0 and 1 (was '1.5').; without it Spark takes 0.6"},
    {"WhatIsKnownOnlyWhereSparkRuns",
     {{"spark.driver.memoryOverhead", "${env:OVERHEAD}"}},
     nullptr,
     "reject: spark.driver.memoryOverhead=${env:OVERHEAD}: it cannot be judged: ${env:OVERHEAD} "
     "stands for what is known only where Spark runs; write the value itself"},
    {"WhatMayNotBeAReference",
     {{"spark.executor.memory", "${env:HEAP}"}},
     nullptr,
     "reject: spark.executor.memory=${env:HEAP}: Spark 3.5 refuses it: Executor memory must be a "
     "positive number; without it Spark takes 1g"},
    {"AReservedLabel",
     {{"spark.kubernetes.driver.label.spark-role", "mine"}},
     nullptr,
     "reject: spark.kubernetes.driver.label.spark-role=mine: Spark 3.5 refuses it: Label with key "
     "spark-role is not allowed as it is reserved for Spark bookkeeping operations."},
    {"ValuesThatMayHoldKeysAreNotShown",
     {{"spark.executor.extraJavaOptions", "-Dkey=HUNTER2 -Xmx1g"}},
     nullptr,
     "reject: spark.executor.extraJavaOptions (its value is not shown): Spark 3.5 refuses it: "
     "spark.executor.extraJavaOptions is not allowed to specify max heap memory settings (was "
     "'...'). Use spark.executor.memory instead."},
    {"SomeVersionsOnly",
     {{"spark.executor.memory", "4Gi"}},
     UnsetVersion,
     "warn: spark.executor.memory=4Gi: Spark 3.3 to 4.1 refuses it: Executor memory must be a "
     "positive number; use 4g"},
    {"TooShortForTheContext",
     {{"spark.network.timeout", "59s"}},
     nullptr,
     "reject: spark.network.timeout=59s: Spark 3.5 refuses it: requirement failed: "
     "spark.network.timeoutInterval should be less than or equal to "
     "spark.storage.blockManagerHeartbeatTimeoutMs.; spark.network.timeoutInterval is 60s by "
     "default"},
    {"LongEnoughForTheContext", {{"spark.network.timeout", "60s"}}, nullptr, ""},
};

BALLAST_RULE_CASES(SparkRefuses, kSparkRefuses, kCases);

}  // namespace
}  // namespace ballast::policy
