// Where sizes of a gang are found in each kind of object.
#include <gtest/gtest.h>

#include <string>

#include "k8s/kinds/kind.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

struct GangCase {
  const char* name;
  const char* api_version;
  const char* kind;
  const char* spec;
  const char* want;
};

constexpr const char* kKubeflow = "sparkoperator.k8s.io/v1beta2";
constexpr const char* kApache = "spark.apache.org/v1";

class Gang : public testing::TestWithParam<GangCase> {};

TEST_P(Gang, IsFoundWhereTheUserWroteIt) {
  const GangCase& test = GetParam();
  const ReadDocument document(
      std::string(R"({"apiVersion":")") + test.api_version + R"(","kind":")" + test.kind +
      R"(","metadata":{"labels":{"kueue.x-k8s.io/queue-name":"q"}},"spec":)" + test.spec + "}");
  const auto workload = FindKind(test.api_version, test.kind)->normalise(document.view(), {});
  ASSERT_TRUE(workload.ok()) << workload.error().where << workload.error().what;
  EXPECT_EQ(workload->gang, test.want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Gang,
    testing::Values(
        // Kueue counts the object itself, as it is stored.
        GangCase{"NoneByAQueue", kKubeflow, "SparkApplication", "{}", ""},
        GangCase{"TaskGroups", kKubeflow, "SparkApplication",
                 R"({"driver":{"annotations":{"yunikorn.apache.org/task-groups":"[]"}}})",
                 "yunikorn.apache.org/task-groups in /spec/driver/annotations"},
        // The operator writes its own over them.
        GangCase{"TaskGroupsThatTheOperatorWrites", kKubeflow, "SparkApplication",
                 R"({"batchScheduler":"yunikorn","batchSchedulerOptions":{"queue":"root.a"},
                     "driver":{"annotations":{"yunikorn.apache.org/task-groups":"[]"}}})",
                 ""},
        GangCase{"VolcanosResources", kKubeflow, "SparkApplication",
                 R"({"batchScheduler":"volcano",
                     "batchSchedulerOptions":{"resources":{"cpu":"40"}}})",
                 "/spec/batchSchedulerOptions/resources"},
        GangCase{"VolcanoComputesByItself", kKubeflow, "SparkApplication",
                 R"({"batchScheduler":"volcano","batchSchedulerOptions":{"queue":"a"}})", ""},
        GangCase{"AnOwnPodGroup", kKubeflow, "SparkApplication",
                 R"({"executor":{"annotations":{"scheduling.k8s.io/group-name":"mine"}}})",
                 "scheduling.k8s.io/group-name in /spec/executor/annotations"},
        GangCase{"KueuesPodGroup", kKubeflow, "SparkApplication",
                 R"({"driver":{"template":{"metadata":{"annotations":
                     {"kueue.x-k8s.io/pod-group-total-count":"21"}}}}})",
                 "kueue.x-k8s.io/pod-group-total-count in "
                 "/spec/driver/template/metadata/annotations"},
        GangCase{"InTheTemplateOfASchedule", kKubeflow, "ScheduledSparkApplication",
                 R"({"template":{"driver":{"labels":{"scheduling.x-k8s.io/pod-group":"g"}}}})",
                 "scheduling.x-k8s.io/pod-group in /spec/template/driver/labels"},
        GangCase{"InASetting", kApache, "SparkApplication",
                 R"({"sparkConf":{
                     "spark.kubernetes.driver.annotation.yunikorn.apache.org/task-groups":"[]"}})",
                 "spark.kubernetes.driver.annotation.yunikorn.apache.org/task-groups in "
                 "/spec/sparkConf"},
        GangCase{"APodGroupsFile", kApache, "SparkApplication",
                 R"({"sparkConf":{
                     "spark.kubernetes.scheduler.volcano.podGroupTemplateFile":"/a.yaml"}})",
                 "spark.kubernetes.scheduler.volcano.podGroupTemplateFile in /spec/sparkConf"},
        GangCase{"InAPodTemplate", kApache, "SparkApplication",
                 R"({"driverSpec":{"podTemplateSpec":{"metadata":{"annotations":
                     {"yunikorn.apache.org/task-groups":"[]"}}}}})",
                 "yunikorn.apache.org/task-groups in "
                 "/spec/driverSpec/podTemplateSpec/metadata/annotations"},
        GangCase{"OfAClustersWorkers", kApache, "SparkCluster",
                 R"({"workerSpec":{"statefulSetSpec":{"template":{"metadata":{"labels":
                     {"scheduling.x-k8s.io/pod-group":"g"}}}}}})",
                 "scheduling.x-k8s.io/pod-group in "
                 "/spec/workerSpec/statefulSetSpec/template/metadata/labels"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace ballast::k8s
