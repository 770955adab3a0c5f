#include "webhook/snapshot_file/snapshot_file.h"

#include <gtest/gtest.h>

#include "k8s/json_text.h"
#include "policy/evaluate.h"
#include "tests/policy/random_case.h"

namespace ballast::webhook {
namespace {

using policy::Amounts;
using policy::Cores;
using policy::Dice;
using policy::Gibibytes;
using policy::LimitRangeItem;
using policy::Mebibytes;
using policy::Requirement;
using policy::Workload;

SnapshotFile ReadBack(const SnapshotFile& snapshot) {
  auto read = ReadSnapshot(k8s::PrintJson(PrintSnapshot(snapshot), 1), "cluster.json");
  if (const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read)) {
    for (const policy::Error& mistake : *mistakes) {
      ADD_FAILURE() << mistake.where << ": " << mistake.what;
    }
    return {};
  }
  return std::get<SnapshotFile>(std::move(read));
}

void ExpectSame(const SnapshotFile& got, const SnapshotFile& want) {
  EXPECT_EQ(got.taken_seconds, want.taken_seconds);
  EXPECT_EQ(got.engine_version, want.engine_version);
  EXPECT_EQ(got.read_options.unset_version, want.read_options.unset_version);
  EXPECT_EQ(got.read_options.operator_version, want.read_options.operator_version);
  EXPECT_EQ(got.read_options.unknown_version, want.read_options.unknown_version);
  EXPECT_EQ(got.policies, want.policies);
  EXPECT_EQ(got.exceptions, want.exceptions);
  EXPECT_EQ(got.cluster.known, want.cluster.known);
  EXPECT_EQ(got.cluster.classes, want.cluster.classes);
  EXPECT_EQ(got.cluster.per_node_labels, want.cluster.per_node_labels);
  EXPECT_EQ(got.settings, want.settings);
  EXPECT_EQ(got.applications, want.applications);
  ASSERT_EQ(got.namespaces == nullptr, want.namespaces == nullptr);
  if (!want.namespaces) return;
  ASSERT_EQ(got.namespaces->size(), want.namespaces->size());
  for (const auto& [name, state] : *want.namespaces) EXPECT_EQ(*got.namespaces->at(name), *state);
}

policy::NamespaceState TeamA() {
  policy::NamespaceState state;
  state.labels = {{"team", "a"}, {"odd", "\"quoted\"\n"}};
  state.quotas.push_back(
      {"compute",
       {{"limits.cpu", 1500}, {"requests.memory", Gibibytes(100).bytes()}, {"pods", 10}},
       {{"pods", 3}},
       {{"PriorityClass", Requirement::Operator::kNotIn, {"high", "urgent"}},
        {"NotTerminating", Requirement::Operator::kExists, {}}}});
  LimitRangeItem item;
  item.type = LimitRangeItem::Type::kPod;
  item.min = {{"memory", Mebibytes(64).bytes()}};
  item.max = {{"cpu", 8000}, {"nvidia.com/gpu", 2}};
  item.default_limits = {{"cpu", 2000}};
  item.default_requests = {{"cpu", 100}};
  item.max_limit_request_ratio = {{"memory", 2500}};
  state.limit_ranges.push_back({"bounds", {item}});
  return state;
}

policy::PolicyException QuarterEnd() {
  policy::PolicyException exception;
  exception.name = "quarter-end";
  exception.namespace_name = "team-a";
  exception.rules = {"cluster-share", "executor-shape"};
  exception.object_selector.requirements = {{"app", Requirement::Operator::kIn, {"close"}}};
  exception.reason = "the books: closed by 31st";
  exception.requester = "ann";
  exception.created_seconds = 1782900000;
  exception.expires_seconds = 1783900000;
  return exception;
}

// Every member has a value of its own.
Workload Whole() {
  Workload workload = policy::WorkloadOf(
      {{"spark.executor.memory", "28g"}, {"spark.driver.extraJavaOptions", "x"}});
  workload.resource = {"sparkoperator.k8s.io/v1beta2", "SparkApplication", "team-a", "sessions"};
  workload.labels = {{"app", "close"}};
  workload.language = policy::Language::kPython;
  workload.spark_version_text = "4.0.1";
  workload.versions = {{3, 5}, {4, 0}};
  workload.version_known = false;
  workload.unknown_version = policy::UnknownVersion::kWarn;
  policy::PodExtras& extras = workload.driver_extras;
  extras.sidecar_memory = Mebibytes(128);
  extras.sidecar_cpu = policy::Millis(100);
  extras.init_memory = Mebibytes(4096);
  extras.init_cpu = Cores(2);
  extras.extended = {{"nvidia.com/gpu", 1}};
  policy::SideContainer proxy;
  proxy.name = "proxy";
  proxy.init = proxy.restartable = true;
  proxy.memory_request = Mebibytes(64);
  proxy.memory_limit = Mebibytes(128);
  proxy.cpu_request = policy::Millis(100);
  proxy.cpu_limit = policy::Millis(0);
  extras.containers = {proxy, policy::SideContainer{"bare"}};
  extras.template_cpu_limit = Cores(3);
  extras.priority_class = "urgent";
  extras.has_deadline = extras.cross_namespace_affinity = true;
  policy::Placement& placement = workload.executor_placement;
  placement.node_selector = {{"pool", "spark"}};
  placement.affinity_terms = {{{"arch", Requirement::Operator::kIn, {"amd64", "arm64"}},
                               {"size", Requirement::Operator::kGt, {"4"}}},
                              {{"spot", Requirement::Operator::kDoesNotExist, {}}}};
  placement.tolerations = {{"spot", "Exists", "", ""}, {"gpu", "Equal", "yes", "NoSchedule"}};
  placement.node_name = "n1";
  placement.not_understood = "node affinity by field";
  workload.overridden = {{"spark.executor.memory", "4g", "/spec/sparkConf/a", "28g", "/spec/b"},
                         {"spark.executor.cores", " 4", "/spec/sparkConf/c", {}, {}, true}};
  workload.claims_per_executor = 2;
  workload.by_spark_submit = false;
  workload.gang = "yunikorn.apache.org/task-groups in /spec/driver/annotations";
  workload.driver_given =
      policy::GivenPod{Mebibytes(2048), Mebibytes(4096), Cores(1), Cores(2), Mebibytes(1024), 0};
  workload.executor_given = policy::GivenPod{};
  workload.executor_given->slots = 4;
  policy::Derive(workload);
  return workload;
}

TEST(SnapshotFile, ReadsBackWhole) {
  SnapshotFile snapshot;
  snapshot.taken_seconds = 1783000000;
  snapshot.engine_version = "1.2.3";
  snapshot.read_options.unset_version = {3, 5};
  snapshot.read_options.operator_version = policy::SparkVersion{4, 0};
  snapshot.read_options.unknown_version = policy::UnknownVersion::kReject;
  snapshot.exceptions = {QuarterEnd()};
  snapshot.namespaces = std::make_shared<const policy::NamespaceStates>(
      policy::NamespaceStates{{"team-a", std::make_shared<const policy::NamespaceState>(TeamA())},
                              {"bare", std::make_shared<const policy::NamespaceState>()}});
  snapshot.settings = {"spark.my.level"};
  snapshot.applications = {Whole(), policy::WorkloadOf({})};
  ExpectSame(ReadBack(snapshot), snapshot);
}

TEST(SnapshotFile, ReadsBackEmpty) { ExpectSame(ReadBack({}), {}); }

// Whatever policy, cluster and application: a decision made from the file is the one made without.
TEST(SnapshotFile, GivesTheSameDecisions) {
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Dice dice(seed);
    SnapshotFile snapshot;
    snapshot.policies = {policy::RandomPolicy(dice)};
    snapshot.policies[0].name = "p";
    snapshot.policies[0].generation = dice.Between(0, 9);
    // The reader of policies refuses a range whose ends are the wrong way round.
    auto& executors = snapshot.policies[0].limits.application.executors;
    if (executors.min && executors.max && *executors.min > *executors.max) executors.min.reset();
    snapshot.cluster = policy::RandomCluster(dice);
    const Workload workload = policy::WorkloadOf(policy::RandomConf(dice));
    snapshot.settings = NamedSettings(snapshot.policies);
    snapshot.applications = {KeepJudged(workload, snapshot.settings)};

    const SnapshotFile read = ReadBack(snapshot);
    ASSERT_EQ(read.policies, snapshot.policies);
    ASSERT_EQ(read.applications.size(), 1u);
    const auto want = Evaluate(workload, snapshot.policies[0], snapshot.cluster);
    const auto got = Evaluate(read.applications[0], read.policies[0], read.cluster);
    ASSERT_EQ(got.verdict, want.verdict);
    ASSERT_EQ(got.findings, want.findings);
  }
}

TEST(SnapshotFile, KeepsNoSecrets) {
  Workload workload = policy::WorkloadOf({{"spark.executor.memory", "28g"},
                                          {"spark.hadoop.fs.s3a.secret.key", "hush"},
                                          {"spark.my.password", "hush"},
                                          {"spark.driver.extraJavaOptions", "-Dkey=hush"}});
  workload.overridden = {{"spark.hadoop.fs.s3a.secret.key", "hush", "/a", "hush", "/b"},
                         {"spark.executor.memory", "4g", "/a", "28g", "/b"}};
  SnapshotFile snapshot;
  snapshot.applications = {KeepJudged(workload, {"spark.my.password"})};
  const std::string text = k8s::PrintJson(PrintSnapshot(snapshot));
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
  EXPECT_EQ(snapshot.applications[0].overridden[1], workload.overridden[1]);
  EXPECT_EQ(snapshot.applications[0].conf.Get("spark.executor.memory"), "28g");
}

struct MistakeCase {
  const char* name;
  const char* text;
  policy::Error want;
};
void PrintTo(const MistakeCase& test, std::ostream* stream) { *stream << test.name; }

class SnapshotMistake : public ::testing::TestWithParam<MistakeCase> {};

TEST_P(SnapshotMistake, NamesThePlaceAndTheRemedy) {
  const auto read = ReadSnapshot(GetParam().text, "cluster.json");
  const auto* mistakes = std::get_if<std::vector<policy::Error>>(&read);
  ASSERT_NE(mistakes, nullptr);
  EXPECT_EQ(mistakes->front().where, GetParam().want.where);
  EXPECT_EQ(mistakes->front().what, GetParam().want.what);
}

#define BALLAST_SNAPSHOT \
  R"("apiVersion":"policy.ballast.dev/v1alpha1","kind":"Snapshot","form":"1",)"
const MistakeCase kMistakes[] = {
    {"NoJson",
     "kind: Snapshot",
     {"cluster.json", "is no JSON object: a snapshot is what `ballast snapshot` writes"}},
    {"AnotherKind",
     R"({"kind":"List"})",
     {"cluster.json, /kind", "is no Snapshot: write one with `ballast snapshot`"}},
    {"AnotherForm",
     R"({"apiVersion":"policy.ballast.dev/v1alpha1","kind":"Snapshot","form":"9"})",
     {"cluster.json, /form",
      "is of another version of Ballast: take a new snapshot, or use that version"}},
    {"AQuantity",
     "{" BALLAST_SNAPSHOT
     R"("namespaces":{"a":{"resourceQuotas":[{"name":"q","hard":{"pods":3}}]}}})",
     {"cluster.json, /namespaces/a/resourceQuotas/0/hard/pods", "must be text"}},
    {"AnOperator",
     "{" BALLAST_SNAPSHOT
     R"("namespaces":{"a":{"resourceQuotas":[{"scopes":[{"operator":"Near"}]}]}}})",
     {"cluster.json, /namespaces/a/resourceQuotas/0/scopes/0/operator",
      "\"Near\" is not known here"}},
    {"AList",
     "{" BALLAST_SNAPSHOT R"("cluster":{"nodeClasses":{}}})",
     {"cluster.json, /cluster/nodeClasses", "must be a list"}},
    {"APolicy",
     "{" BALLAST_SNAPSHOT
     R"("policies":[{"apiVersion":"policy.ballast.dev/v1alpha1","kind":"SparkResourcePolicy","metadata":{"name":"p"},"spec":{"mood":"x"}}]})",
     {"cluster.json, /policies/0, spec.mood",
      "is not known; known here: mode, priority, namespaceSelector, objectSelector, capacity, "
      "limits, split, rewriteAt, rules, settings and exceptions"}},
};
INSTANTIATE_TEST_SUITE_P(Table, SnapshotMistake, ::testing::ValuesIn(kMistakes),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace ballast::webhook
