#include "policy/rules/rules.h"
#include "tests/policy/rules/rule_case.h"

namespace ballast::policy {
namespace {

void FieldBeatsSetting(Workload& workload, Policy&) {
  workload.overridden = {{"spark.executor.memory", "4g", "/spec/sparkConf/spark.executor.memory",
                          "8g", "/spec/executor/memory"}};
}
void ASecretTwice(Workload& workload, Policy&) {
  workload.overridden = {{"spark.hadoop.fs.s3a.secret.key", "hush", "/spec/sparkConf/a",
                          "hush-hush", "/spec/hadoopConf/a"}};
}
void TakenApart(Workload& workload, Policy&) {
  workload.overridden = {
      {"spark.executor.extraJavaOptions", "-Da -Db", "/spec/sparkConf/a", {}, {}, true}};
}
void Python(Workload& workload, Policy&) { workload.language = Language::kPython; }
void OldSubmitNewRuntime(Workload& workload, Policy&) { workload.versions = {{3, 5}, {4, 0}}; }

const RuleCase kCases[] = {
    {"Unset", {}, nullptr, ""},
    {"ValuesThatAreNotJudgedAreNotSaid",
     {},
     &ASecretTwice,
     "warn: spark.hadoop.fs.s3a.secret.key: /spec/hadoopConf/a wins over /spec/sparkConf/a"},
    {"FieldAndSetting",
     {{"spark.executor.memory", "8g"}},
     FieldBeatsSetting,
     "warn: spark.executor.memory: 8g (/spec/executor/memory) wins over 4g "
     "(/spec/sparkConf/spark.executor.memory)"},
    {"TwoSpellings",
     {{"spark.executor.memoryOverhead", "1g"}, {"spark.yarn.executor.memoryOverhead", "2g"}},
     nullptr,
     "warn: spark.executor.memoryOverhead=1g wins over its old spelling "
     "spark.yarn.executor.memoryOverhead=2g"},
    {"TwoSpellingsThatAgree",
     {{"spark.executor.memoryOverhead", "1g"}, {"spark.yarn.executor.memoryOverhead", "1g"}},
     nullptr,
     ""},
    {"FactorBesideAnOverhead",
     {{"spark.executor.memoryOverhead", "1g"}, {"spark.executor.memoryOverheadFactor", "0.2"}},
     nullptr,
     "warn: spark.executor.memoryOverheadFactor=0.2: not read, since "
     "spark.executor.memoryOverhead=1g is written out"},
    {"MinimumThatOnlyTheDriverIgnores",
     {{"spark.driver.minMemoryOverhead", "1g"}, {"spark.executor.minMemoryOverhead", "1g"}},
     OldSubmitNewRuntime,
     "warn: spark.driver.minMemoryOverhead=1g: Spark 3.5 does not read it, 4.0 is the first that "
     "does"},
    {"PySparkMemoryOfAJvm",
     {{"spark.executor.pyspark.memory", "2g"}},
     nullptr,
     "warn: spark.executor.pyspark.memory=2g: not read, since this is not a Python application"},
    {"PySparkMemoryOfPython", {{"spark.executor.pyspark.memory", "2g"}}, Python, ""},
    {"AnotherHeapInTheEnvironment",
     {{"spark.executorEnv.SPARK_EXECUTOR_MEMORY", "8g"}, {"spark.executor.memory", "4g"}},
     nullptr,
     "warn: spark.executorEnv.SPARK_EXECUTOR_MEMORY=8g: the executors take this for their heap, "
     "while the pod is sized for spark.executor.memory=4g"},
    {"TheSameHeapInTheEnvironment",
     {{"spark.executorEnv.SPARK_EXECUTOR_MEMORY", "4096m"}, {"spark.executor.memory", "4g"}},
     nullptr,
     ""},
    {"TheDriversHeapInTheEnvironment",
     {{"spark.kubernetes.driverEnv.SPARK_DRIVER_MEMORY", "2g"}},
     nullptr,
     "warn: spark.kubernetes.driverEnv.SPARK_DRIVER_MEMORY=2g: the driver takes this for its heap, "
     "while the pod is sized for spark.driver.memory=1g"},
    {"TheDriversSettingBeatsItsEnvironment",
     {{"spark.kubernetes.driverEnv.SPARK_DRIVER_MEMORY", "2g"}, {"spark.driver.memory", "4g"}},
     nullptr,
     ""},
    {"OtherCoresInTheEnvironment",
     {{"spark.executorEnv.SPARK_EXECUTOR_CORES", "8"}},
     nullptr,
     "warn: spark.executorEnv.SPARK_EXECUTOR_CORES=8: the executors run tasks for this many cores, "
     "while the pod is sized for spark.executor.cores=1"},
    {"MemoryLimitAtTheRequest",
     {{"executor.memoryLimit", "1408m"}, {"driver.memoryLimit", "1408Mi"}},
     nullptr,
     ""},
    {"MemoryLimitBelowTheRequest",
     {{"executor.memoryLimit", "1407m"}, {"driver.memoryLimit", "1407Mi"}},
     nullptr,
     "warn: driver.memoryLimit=1407Mi: below the 1408Mi that the driver requests, and Kubernetes "
     "refuses such a pod\n"
     "warn: executor.memoryLimit=1407m: below the 1408Mi that the executor requests, and "
     "Kubernetes refuses such a pod"},
    {"MemoryLimitWithAFraction", {{"executor.memoryLimit", "1.5g"}}, nullptr, ""},
    {"MemoryLimitThatNobodyReads",
     {{"executor.memoryLimit", "abc"}},
     nullptr,
     "warn: executor.memoryLimit=abc: the operator makes of it what is no quantity, and no pod: "
     "write for example 4g or 4Gi"},
    // It looks for "g" in any case, and takes it away in small letters alone.
    {"MemoryLimitInCapitals",
     {{"executor.memoryLimit", "4G"}},
     nullptr,
     "warn: executor.memoryLimit=4G: the operator makes of it what is no quantity, and no pod: "
     "write for example 4g or 4Gi"},
    {"TakenApartByAShell",
     {{"spark.executor.extraJavaOptions", "-Da -Db"}},
     TakenApart,
     "warn: spark.executor.extraJavaOptions: the operator hands /spec/sparkConf/a to a shell, "
     "which "
     "takes it apart, and may lose settings behind it, too: put the value in single quotes, within "
     "its own"},
};

BALLAST_RULE_CASES(ConflictingSettings, kConflictingSettings, kCases);

}  // namespace
}  // namespace ballast::policy
