#include "webhook/policy_file/policy_show.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "policy/policy_fields.h"
#include "policy/rule_defaults.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

policy::PolicySet TwoPolicies() {
  const auto file = ReadPolicyFile(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: organisation, generation: 12}\n"
      "spec:\n"
      "  limits: {executor: {heap: {max: 32g}, cores: {max: 8}}}\n"
      "  rules: {executor-shape: Enforce}\n"
      "  settings: [{key: spark.network.timeout, min: 120s}]\n"
      "---\n"
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
      "metadata: {name: team-a, generation: 3}\n"
      "spec: {priority: 10, limits: {executor: {heap: {max: 16g}}}}\n",
      "p");
  return policy::PolicySet(std::get<PolicyFile>(file).policies, {});
}

TEST(PolicyShow, SaysWhereEachFieldComesFrom) {
  const auto effective = TwoPolicies().For("jobs", {}, {});
  EXPECT_EQ(ShowPolicyText(*effective, false, Paint(false)),
            R"(Policies, the strongest first: team-a,organisation

FIELD                                   VALUE     FROM          DEFAULT
mode                                    Enforce   team-a        Enforce
capacity.source                         Cluster   built-in      Cluster
limits.executor.heap.max                16g       team-a        none
limits.executor.cores.max               8         organisation  none
limits.executor.overheadFactor.applyTo  Computed  built-in      Computed
limits.executor.offHeap.moveRest        false     built-in      false
limits.strandedShare                    25%       built-in      25%
split.minHeap                           1g        built-in      1g
split.minCores                          1         built-in      1
split.maxFactor                         8         built-in      8
rewriteAt                               Auto      built-in      Auto
56 more fields are not set and limit nothing

RULE                  MODE     FROM          DEFAULT
executor-fits-node    Enforce  built-in      Enforce, a fact
executor-shape        Enforce  organisation  Warn
driver-fits-node      Enforce  built-in      Enforce, a fact
driver-shape          Warn     built-in      Warn
cluster-share         Warn     built-in      Warn
stranded-capacity     Warn     built-in      Warn
namespace-quota       Warn     built-in      Warn
spark-refuses         Enforce  built-in      Enforce, a fact
memory-overhead       Warn     built-in      Warn
off-heap              Warn     built-in      Warn
memory-fractions      Warn     built-in      Warn
kryo-buffer           Enforce  built-in      Enforce, a fact
serializer            Warn     built-in      Warn
message-size          Warn     built-in      Warn
timeouts              Warn     built-in      Warn
dynamic-allocation    Enforce  built-in      Enforce
cores                 Warn     built-in      Warn
parallelism           Warn     built-in      Warn
deprecated-settings   Warn     built-in      Warn
conflicting-settings  Warn     built-in      Warn
settings              Warn     built-in      Warn

SETTING                ASKS FOR                 FROM
spark.network.timeout  type: time, min: "120s"  organisation
)");
}

TEST(PolicyShow, JsonHasEveryFieldAndRule) {
  const auto shown = ShowPolicyJson(*TwoPolicies().For("jobs", {}, {}));
  EXPECT_EQ(shown["policies"], "team-a,organisation");
  EXPECT_EQ(shown["versions"], "team-a@3,organisation@12");
  EXPECT_EQ(shown["rules"].size(), policy::RuleDefaults().size());
  std::set<std::string> fields;
  for (const auto& field : shown["fields"]) {
    fields.insert(field["field"]);
    if (field["field"] == "limits.executor.heap.max") {
      EXPECT_EQ(field["value"], "16g");
      EXPECT_EQ(field["origin"], "team-a");
      EXPECT_EQ(field["default"], "none");
    }
    if (field["field"] == "limits.kryoBufferMax") {
      EXPECT_TRUE(field["value"].is_null());
      EXPECT_TRUE(field["origin"].is_null());
    }
  }
  for (const policy::PolicyField& field : policy::PolicyFields()) {
    if (field.path == "rules" || field.path == "settings" || field.path == "priority" ||
        field.path.find("Selector") == 0 || field.path == "namespaceSelector" ||
        field.path == "objectSelector") {
      continue;
    }
    EXPECT_TRUE(fields.contains(std::string(field.path))) << field.path;
  }
  ASSERT_EQ(shown["settings"].size(), 1u);
  EXPECT_EQ(shown["settings"][0]["asksFor"], "type: time, min: \"120s\"");
  EXPECT_EQ(shown["settings"][0]["origin"], "organisation");
}

TEST(PolicyShow, TheSchemaTellsEveryField) {
  const std::string schema = PrintPolicySchema(Paint(false));
  for (const policy::PolicyField& field : policy::PolicyFields()) {
    EXPECT_NE(schema.find(std::string(field.path) + "\n  takes    "), std::string::npos)
        << field.path;
  }
}

}  // namespace
}  // namespace ballast::webhook
