#include "webhook/admission/mistyped_fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "k8s/kinds/kind.h"

namespace ballast::webhook {
namespace {

std::vector<policy::Error> Mistyped(const std::string& text) {
  const auto documents = k8s::ReadManifests(text, "job.yaml");
  EXPECT_TRUE(documents.ok() && documents->size() == 1) << text;
  return MistypedFields(documents->front());
}

std::string Manifest(const std::string& version, const std::string& kind, const std::string& spec) {
  return "{apiVersion: " + version + ", kind: " + kind + ", metadata: {name: job}, spec: " + spec +
         "}";
}

struct Row {
  const char* name;
  const char* api_version;
  const char* kind;
  const char* spec;
  const char* where;  // empty: nothing is told
  const char* meant = "";
};

constexpr const char* kKubeflow = "sparkoperator.k8s.io/v1beta2";
constexpr const char* kApache = "spark.apache.org/v1";

const Row kRows[] = {
    {"right", kKubeflow, "SparkApplication", "{driver: {cores: 1}, executor: {memory: 1g}}", ""},
    {"a letter", kKubeflow, "SparkApplication", "{executer: {cores: 4}}", "/spec/executer",
     "did you mean executor?"},
    {"capitals", kKubeflow, "SparkApplication", "{Executor: {cores: 4}}", "/spec/Executor",
     "did you mean executor?"},
    {"of a role", kKubeflow, "SparkApplication", "{executor: {memoryOverHed: 1g}}",
     "/spec/executor/memoryOverHed", "did you mean memoryOverhead?"},
    {"another place", kKubeflow, "SparkApplication", "{instances: 9}", "/spec/instances",
     "instances is a field of /spec/executor"},
    {"other places", kKubeflow, "SparkApplication", "{memory: 9g}", "/spec/memory",
     "memory is a field of /spec/driver and /spec/executor"},
    {"a map's keys are free", kKubeflow, "SparkApplication", "{sparkConf: {executer: x}}", ""},
    {"like nothing", kKubeflow, "SparkApplication", "{zzzzzzzz: 1}", ""},
    {"escaped", kKubeflow, "SparkApplication", "{executor: {core/s: 1}}", "/spec/executor/core~1s",
     "did you mean cores?"},
    {"no map", kKubeflow, "SparkApplication", "{executor: [executer]}", ""},
    {"scheduled", kKubeflow, "ScheduledSparkApplication", "{template: {drivr: {}}}",
     "/spec/template/drivr", "did you mean driver?"},
    {"above the template", kKubeflow, "ScheduledSparkApplication", "{executor: {}}",
     "/spec/executor", "executor is a field of /spec/template"},
    {"connect", "sparkoperator.k8s.io/v1alpha1", "SparkConnect", "{sever: {}}", "/spec/sever",
     "did you mean server?"},
    {"Apache", kApache, "SparkApplication", "{executorSpecs: {}}", "/spec/executorSpecs",
     "did you mean executorSpec?"},
    {"another operator's", kApache, "SparkApplication", "{executor: {}}", ""},
    {"cluster", kApache, "SparkCluster", "{clusterTolerations: {instanceConfig: {minWorker: 1}}}",
     "/spec/clusterTolerations/instanceConfig/minWorker", "did you mean minWorkers?"},
    {"not judged", "v1", "Service", "{executer: {}}", ""},
    {"short words of their own", kKubeflow, "SparkApplication", "{executor: {cpu: 1}}", ""},
    {"no quarter of it", kKubeflow, "SparkApplication", "{executor: {memoryRequest: 1g}}", ""},
};

TEST(MistypedFields, AreToldWithWhatWasMeant) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto told = Mistyped(Manifest(row.api_version, row.kind, row.spec));
    if (*row.where == '\0') {
      EXPECT_TRUE(told.empty()) << told.front().where << told.front().what;
      continue;
    }
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().where, row.where);
    EXPECT_EQ(told.front().what, "is no field of a " + std::string(row.kind) +
                                     " and counts for nothing; " + row.meant);
  }
}

TEST(MistypedFields, SettingsAreToldButForALetter) {
  struct SettingRow {
    const char* key;
    const char* meant;  // empty: nothing is told
  };
  const SettingRow rows[] = {
      {"spark.executor.memoryOverHead", "spark.executor.memoryOverhead"},
      {"spark.kryoserializer.bufer.max", "spark.kryoserializer.buffer.max"},
      {"spark.executor.memroy", "spark.executor.memory"},
      {"spark.executors.memory", "spark.executor.memory"},
      {"spark.executor.memoryOverhead", ""},
      {"spark.executor.memoryOverheadFactor", ""},
      {"spark.yarn.executor.memoryOverhead", ""},
      // Spark's, which Ballast has no use for, and somebody's own.
      {"spark.driver.host", ""},
      {"spark.driver.port", ""},
      {"spark.executor.id", ""},
      {"spark.sql.shuffle.partitons.mine", ""},
      {"spark.executor.mmroy", ""},
      {"sparc.executor.memory", ""},
  };
  for (const SettingRow& row : rows) {
    for (const char* kind : {"SparkApplication", "ScheduledSparkApplication"}) {
      SCOPED_TRACE(row.key);
      const bool scheduled = std::string_view(kind) != "SparkApplication";
      const std::string conf = "{sparkConf: {" + std::string(row.key) + ": \"1\"}}";
      const auto told =
          Mistyped(Manifest(kKubeflow, kind, scheduled ? "{template: " + conf + "}" : conf));
      ASSERT_EQ(told.size(), *row.meant == '\0' ? 0U : 1U);
      if (told.empty()) continue;
      EXPECT_EQ(told[0].where, (scheduled ? "/spec/template/sparkConf/" : "/spec/sparkConf/") +
                                   std::string(row.key));
      EXPECT_EQ(told[0].what,
                "is no setting of Spark's; did you mean " + std::string(row.meant) + "?");
    }
  }
}

TEST(MistypedFields, AtTheRootAndInTheMetadata) {
  const auto told = Mistyped(
      "apiVersion: sparkoperator.k8s.io/v1beta2\n"
      "kind: SparkApplication\n"
      "metadata: {name: job, namspace: team}\n"
      "spec: {driver: {}}\n"
      "executor:\n"
      "  cores: 4\n"
      "spce: {}\n");
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].where, "/metadata/namspace");
  EXPECT_EQ(told[1].where, "/executor");
  EXPECT_TRUE(told[1].what.ends_with("; executor is a field of /spec")) << told[1].what;
  EXPECT_TRUE(told[2].what.ends_with("; did you mean spec?")) << told[2].what;
}

TEST(MistypedFields, AKindThatIsNearlyAKnownOneIsTold) {
  const auto kind = Mistyped(Manifest(kKubeflow, "Sparkapplication", "{}"));
  ASSERT_EQ(kind.size(), 1U);
  EXPECT_EQ(kind[0].where, "/kind");
  EXPECT_EQ(kind[0].what,
            "is not judged; did you mean SparkApplication of sparkoperator.k8s.io/v1beta2?");
  const auto group = Mistyped(Manifest("spark.apach.org/v1", "SparkCluster", "{}"));
  ASSERT_EQ(group.size(), 1U);
  EXPECT_EQ(group[0].where, "/apiVersion");
  EXPECT_EQ(group[0].what, "is not judged; did you mean SparkCluster of spark.apache.org/v1?");
  // That its version is not known is told with the decision.
  EXPECT_TRUE(Mistyped(Manifest("sparkoperator.k8s.io/v9", "SparkApplication", "{}")).empty());
}

TEST(MistypedFields, OfVeryManySomeAreTold) {
  std::string spec = "{";
  for (int i = 0; i < 10'000; ++i) spec += "executer" + std::to_string(i) + ": 1, ";
  const auto told = Mistyped(Manifest(kKubeflow, "SparkApplication", spec + "}"));
  EXPECT_GT(told.size(), 0U);
  EXPECT_LE(told.size(), 50U);
}

// A field that is read and is not among the names would be told to be none.
TEST(MistypedFields, EveryFieldThatIsReadIsAName) {
  for (const k8s::Kind* kind : k8s::AllKinds()) {
    if (kind->fields == nullptr) continue;
    for (const k8s::Field& field : kind->fields()) {
      const size_t slash = field.pointer.rfind('/');
      const auto place =
          std::ranges::find(kind->names, field.pointer.substr(0, slash), &k8s::FieldNames::pointer);
      if (place == kind->names.end()) {
        EXPECT_TRUE(field.pointer.find("onf/") != std::string_view::npos) << field.pointer;
        continue;
      }
      EXPECT_NE(std::ranges::find(place->names, field.pointer.substr(slash + 1)),
                place->names.end())
          << field.pointer;
    }
  }
}

}  // namespace
}  // namespace ballast::webhook
