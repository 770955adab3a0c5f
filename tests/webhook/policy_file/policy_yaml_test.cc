#include "webhook/policy_file/policy_yaml.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "webhook/policy_file/policy_yaml_exception.h"
#include "webhook/policy_file/yaml_tree.h"

namespace ballast::webhook {
namespace {

using policy::Cores;
using policy::Gibibytes;
using policy::Millis;
using policy::Mode;
using policy::Policy;
using policy::PolicyMode;

// The text of a policy whose spec begins on line 5.
std::string WithSpec(const std::string& spec) {
  return "apiVersion: policy.ballast.dev/v1alpha1\n"
         "kind: SparkResourcePolicy\n"
         "metadata: {name: default}\n"
         "spec:\n" +
         spec;
}

// "line:column what" of every mistake.
std::vector<std::string> MistakesOf(const std::string& text) {
  const auto result = ReadPolicyFile(text, "p");
  std::vector<std::string> told;
  if (const auto* errors = std::get_if<std::vector<policy::Error>>(&result)) {
    for (const policy::Error& error : *errors) {
      told.push_back(error.where.substr(2) + " " + error.what);
    }
  }
  return told;
}

PolicyFile Read(const std::string& text) {
  auto result = ReadPolicyFile(text, "p");
  for (const std::string& mistake : MistakesOf(text)) ADD_FAILURE() << mistake;
  return std::holds_alternative<PolicyFile>(result) ? std::get<PolicyFile>(result) : PolicyFile{};
}

Policy ReadOne(const std::string& spec) {
  const PolicyFile file = Read(WithSpec(spec));
  return file.policies.empty() ? Policy{} : file.policies.front();
}

constexpr char kDesignSample[] = R"(apiVersion: policy.ballast.dev/v1alpha1
kind: SparkResourcePolicy
metadata: {name: default}
spec:
  mode: Enforce                  # Enforce | Warn | Audit
  priority: 0                    # the highest matching one decides
  namespaceSelector: {}          # Kubernetes label selectors
  objectSelector: {}
  capacity:
    source: Cluster              # Cluster (live nodes, or --cluster FILE) | NodePools | Both
    reserve: {cpu: 500m, memory: 1Gi, percent: 5}     # from every node: absolute, then percentage
    nodePools:
      - {name: big, count: 100, allocatable: {cpu: "16", memory: 64Gi, pods: "110"}, labels: {}, taints: []}
  limits:
    driver:   {heap: {min: 1g, max: 16g}, memory: {max: 24Gi}, cores: {min: 1, max: 8}}
    executor: {heap: {min: 1g, max: 32g}, memory: {max: 48Gi}, cores: {min: 1, max: 8}, overheadFactor: {min: 0.1}}
    application: {memoryShare: 80%, cpuShare: 80%, executors: {max: 500}}
    kryoBufferMax: 1g
  split: {minHeap: 1g, minCores: 1, maxFactor: 8}
  rewriteAt: Resource            # Resource | Submission | Auto
  rules: {stranded-capacity: Warn, memory-overhead: Enforce}
  settings:
    - {key: spark.rpc.message.maxSize, type: number, max: 1024}
    - {key: spark.network.timeout, type: time, min: 120s, default: 600s}
)";

TEST(PolicyYaml, TheDesignsSampleReadsAsItIsMeant) {
  const PolicyFile file = Read(kDesignSample);
  ASSERT_EQ(file.policies.size(), 1u);
  const Policy& policy = file.policies[0];
  EXPECT_EQ(policy.name, "default");
  EXPECT_EQ(policy.mode, PolicyMode::kEnforce);
  EXPECT_EQ(policy.capacity.source, policy::CapacitySource::kCluster);
  EXPECT_EQ(policy.capacity.reserve, (policy::Reserve{Millis(500), Gibibytes(1), 5}));
  ASSERT_EQ(policy.capacity.node_pools->size(), 1u);
  EXPECT_EQ(policy.capacity.node_pools->front().allocatable,
            (policy::Resources{Cores(16), Gibibytes(64), 110, {}}));
  EXPECT_EQ(policy.capacity.node_pools->front().count, 100);
  EXPECT_EQ(policy.capacity.node_pools->front().ready, 100);
  EXPECT_TRUE(policy.capacity.node_pools->front().declared);
  EXPECT_EQ(policy.limits.driver.heap.max, Gibibytes(16));
  EXPECT_EQ(policy.limits.driver.memory.max, Gibibytes(24));
  EXPECT_EQ(policy.limits.executor.cores.max, Cores(8));
  EXPECT_EQ(policy.limits.executor.overhead_factor.min, 0.1);
  EXPECT_EQ(policy.limits.application.memory_share, 0.8);
  EXPECT_EQ(policy.limits.application.executors.max, 500);
  EXPECT_EQ(policy.limits.kryo_buffer_max, Gibibytes(1));
  EXPECT_EQ(policy.split, (policy::SplitLimits{Gibibytes(1), 1, 8}));
  EXPECT_EQ(policy.rewrite_at, policy::RewriteAt::kResource);
  EXPECT_EQ(policy.rules.at("memory-overhead"), Mode::kEnforce);
  EXPECT_EQ(policy.settings.at("spark.rpc.message.maxSize").max, "1024");
  EXPECT_EQ(policy.settings.at("spark.network.timeout").default_value, "600s");
}

struct MistakeRow {
  const char* name;
  const char* spec;
  std::vector<std::string> want;
};

class SpecMistakes : public testing::TestWithParam<MistakeRow> {};

TEST_P(SpecMistakes, AreAllToldWithPlaceAndRemedy) {
  EXPECT_EQ(MistakesOf(WithSpec(GetParam().spec)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, SpecMistakes,
    testing::Values(
        MistakeRow{"None", "  mode: Warn\n", {}}, MistakeRow{"NothingWritten", "", {}},
        MistakeRow{"EmptyMaps", "  limits:\n  capacity: {}\n", {}},
        MistakeRow{"Mistyped", "  limts: {}\n", {"5:3 limts is not known; did you mean limits?"}},
        MistakeRow{"MistypedBelow",
                   "  limits:\n    executor: {heap: {mx: 32g}}\n",
                   {"6:23 limits.executor.heap.mx is not known; did you mean max?"}},
        MistakeRow{"WrongCase",
                   "  rewriteat: Auto\n",
                   {"5:3 rewriteat is not known; did you mean rewriteAt?"}},
        MistakeRow{"NotEvenNear",
                   "  limits: {driver: {gpu: 1}}\n",
                   {"5:21 limits.driver.gpu is not known; known here: heap, memory and cores"}},
        MistakeRow{"Twice",
                   "  priority: 1\n  priority: 2\n",
                   {"6:3 priority is written twice; the first is on line 5"}},
        MistakeRow{
            "KeyIsNoText", "  ? [a]\n  : 1\n", {"5:5 a key here is no text; write key: value"}},
        MistakeRow{"AllAtOnce",
                   "  mode: Hard\n  limits: {executor: {cores: {max: many}}}\n  rule: {}\n",
                   {"5:9 mode: 'Hard' is not known here; write Enforce, Warn or Audit",
                    "6:36 limits.executor.cores.max: 'many' is no cpu quantity; write cores, such "
                    "as 4 or 500m",
                    "7:3 rule is not known; did you mean rules?"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Values, SpecMistakes,
    testing::Values(
        MistakeRow{"SizeAsKubernetesWritesIt",
                   "  limits: {executor: {heap: {max: 32Gi}}}\n",
                   {"5:35 limits.executor.heap.max: '32Gi' is written as Kubernetes writes it; a "
                    "heap or a Spark setting is written as Spark writes it: 32g"}},
        MistakeRow{"SizeWithoutUnit",
                   "  limits: {executor: {heap: {max: 32}}}\n",
                   {"5:35 limits.executor.heap.max: '32' has no unit; write 32g or 32m"}},
        MistakeRow{"SizeWithPoint",
                   "  limits: {kryoBufferMax: 1.5g}\n",
                   {"5:27 limits.kryoBufferMax: '1.5g' is no Spark size; write a whole number and "
                    "k, m, g or t, such as 28g"}},
        MistakeRow{"SizeOfNothing",
                   "  split: {minHeap: 0g}\n",
                   {"5:20 split.minHeap: '0g' must be over 0; leave it out to set no limit"}},
        MistakeRow{"MemoryAsSparkWritesIt",
                   "  limits: {driver: {memory: {max: 24g}}}\n",
                   {"5:35 limits.driver.memory.max: '24g' is not how Kubernetes writes the memory "
                    "of a pod; write 24Gi"}},
        MistakeRow{"MemoryInThousandthsOfAByte",
                   "  limits: {driver: {memory: {max: 512m}}}\n",
                   {"5:35 limits.driver.memory.max: '512m' is not how Kubernetes writes the memory "
                    "of a pod; write 512Mi"}},
        MistakeRow{"MemoryWithoutUnit",
                   "  limits: {driver: {memory: {max: 24}}}\n",
                   {"5:35 limits.driver.memory.max: '24' is less than a mebibyte; write a unit, "
                    "such as 48Gi"}},
        MistakeRow{"MemoryPerCoreEitherWay",
                   "  limits: {executor: {memoryPerCore: {min: 4g, max: 7Gi}}}\n",
                   {}},
        MistakeRow{"CpuOfNothing",
                   "  limits: {executor: {cores: {max: 0}}}\n",
                   {"5:36 limits.executor.cores.max: '0' must be over 0; leave it out to set no "
                    "limit"}},
        MistakeRow{"ShareWithoutPercent",
                   "  limits: {application: {memoryShare: 80}}\n",
                   {"5:39 limits.application.memoryShare: '80' is no share; write 80%"}},
        MistakeRow{"ShareAtTheEnd", "  limits: {application: {memoryShare: 100%}}\n", {}},
        MistakeRow{"ShareOverTheEnd",
                   "  limits: {application: {memoryShare: 101%}}\n",
                   {"5:39 limits.application.memoryShare: '101%' must be over 0 and at most 100%; "
                    "leave it out to set no limit"}},
        MistakeRow{"ShareAsFraction", "  limits: {application: {memoryShare: 0.8}}\n", {}},
        MistakeRow{"FractionOverOne",
                   "  limits: {memoryFraction: {max: 1.1}}\n",
                   {"5:34 limits.memoryFraction.max: '1.1' must be from 0 to 1"}},
        MistakeRow{"FactorNotFinite",
                   "  limits: {executor: {overheadFactor: {min: nan}}}\n",
                   {"5:45 limits.executor.overheadFactor.min: 'nan' is no number; write one such "
                    "as 0.6"}},
        MistakeRow{
            "CountAtTheEnd", "  limits: {application: {executors: {max: 2147483647}}}\n", {}},
        MistakeRow{"CountOverTheEnd",
                   "  limits: {application: {executors: {max: 2147483648}}}\n",
                   {"5:43 limits.application.executors.max: '2147483648' must be from 1 to "
                    "2147483647"}},
        MistakeRow{"CountIsText",
                   "  split: {maxFactor: eight}\n",
                   {"5:22 split.maxFactor: 'eight' is no whole number"}},
        MistakeRow{"MebibytesAtTheEnd", "  limits: {rpcMessageMax: 2047}\n", {}},
        MistakeRow{"MebibytesOverTheEnd",
                   "  limits: {rpcMessageMax: 2048}\n",
                   {"5:27 limits.rpcMessageMax: '2048' must be from 1 to 2047"}},
        MistakeRow{"MebibytesWithUnit",
                   "  limits: {rpcMessageMax: 1g}\n",
                   {"5:27 limits.rpcMessageMax: '1g' has a unit; write a bare number of MiB, as "
                    "Spark takes it: 1024"}},
        MistakeRow{"TimeWithoutUnit",
                   "  limits: {networkTimeout: {min: 120}}\n",
                   {"5:34 limits.networkTimeout.min: '120' has no unit; write 120s"}},
        MistakeRow{"TimeUnknown",
                   "  limits: {rpcAskTimeout: {min: 2 minutes}}\n",
                   {"5:33 limits.rpcAskTimeout.min: '2 minutes' is no time; write a whole number "
                    "and ms, s, min, h or d, such as 120s"}},
        MistakeRow{"TruthUnknown",
                   "  limits: {serializer: {unsafe: yes}}\n",
                   {"5:33 limits.serializer.unsafe: 'yes' is neither true nor false"}},
        MistakeRow{"ChoiceInSmallLetters",
                   "  capacity: {source: cluster}\n",
                   {"5:22 capacity.source: 'cluster' is not known here; write Cluster, NodePools "
                    "or Both"}},
        MistakeRow{"NoValue",
                   "  mode:\n",
                   {"5:3 mode has no value; write Enforce, Warn or Audit, or leave the key out"}},
        MistakeRow{"MapForValue",
                   "  limits: {kryoBufferMax: {max: 1g}}\n",
                   {"5:27 limits.kryoBufferMax takes a Spark size: 28g, not a map"}},
        MistakeRow{"ValueForMap",
                   "  limits: {executor: {heap: 32g}}\n",
                   {"5:29 limits.executor.heap takes a map {min, max}, not a single value"}},
        MistakeRow{"ListForMap",
                   "  split: [1g]\n",
                   {"5:10 split takes a map {minHeap, minCores, maxFactor}, not a list"}},
        MistakeRow{"MinIsMax", "  limits: {executor: {heap: {min: 2g, max: 2048m}}}\n", {}},
        MistakeRow{"MinAboveMax",
                   "  limits: {executor: {heap: {min: 2049m, max: 2g}}}\n",
                   {"5:35 limits.executor.heap.min (2049m) is above max (2g)"}},
        MistakeRow{"MinTimeAboveMax",
                   "  limits: {networkTimeout: {min: 2min, max: 60s}}\n",
                   {"5:34 limits.networkTimeout.min (120s) is above max (60s)"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    RulesAndExceptions, SpecMistakes,
    testing::Values(
        MistakeRow{"BareOffIsOff", "  rules: {cores: Off, timeouts: false}\n", {}},
        MistakeRow{"UnknownRule",
                   "  rules: {kryo-bufer: Warn}\n",
                   {"5:11 rules.kryo-bufer: there is no such rule; did you mean kryo-buffer?"}},
        MistakeRow{
            "UnknownMode",
            "  rules: {cores: enforce}\n",
            {"5:18 rules.cores: 'enforce' is no mode of a rule; write Enforce, Warn or Off"}},
        MistakeRow{"ModeOfAPolicy",
                   "  rules: {cores: Audit}\n",
                   {"5:18 rules.cores: 'Audit' is no mode of a rule; write Enforce, Warn or Off"}},
        MistakeRow{"RuleTwice",
                   "  rules:\n    cores: Warn\n    cores: Off\n",
                   {"7:5 rules.cores is written twice; the first is on line 6"}},
        MistakeRow{"FactIsNeverLifted",
                   "  exceptions: {rules: [cores, spark-refuses], maxDuration: 30}\n",
                   {"5:31 exceptions.rules[1]: rule 'spark-refuses' states a fact, which no "
                    "exception can lift: the job would not run",
                    "5:60 exceptions.maxDuration: '30' has no unit; write 30d"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Parts, SpecMistakes,
    testing::Values(
        MistakeRow{"SelectorKey",
                   "  objectSelector: {matchlabels: {a: b}}\n",
                   {"5:20 objectSelector.matchlabels is not known; did you mean matchLabels?"}},
        MistakeRow{"SelectorOperator",
                   "  objectSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}\n",
                   {"5:58 objectSelector.matchExpressions[0].operator is 'in'; write In, NotIn, "
                    "Exists or DoesNotExist"}},
        MistakeRow{"SelectorValues",
                   "  objectSelector: {matchExpressions: [{key: a, operator: In},\n"
                   "    {key: a, operator: Exists, values: [b]}]}\n",
                   {"5:39 objectSelector.matchExpressions[0]: In needs values",
                    "6:5 objectSelector.matchExpressions[1]: Exists takes no values"}},
        MistakeRow{"ReserveOverAll",
                   "  capacity: {reserve: {percent: 101, memory: 1g}}\n",
                   {"5:33 capacity.reserve.percent: '101' must be from 0 to 100",
                    "5:46 capacity.reserve.memory: '1g' is not how Kubernetes writes the memory of "
                    "a pod; write 1Gi"}},
        MistakeRow{
            "ReserveOfNothing", "  capacity: {reserve: {percent: 5%, cpu: 0, memory: 0}}\n", {}},
        MistakeRow{"PoolWithoutSize",
                   "  capacity:\n    nodePools:\n      - {name: a, count: 0}\n",
                   {"7:9 capacity.nodePools[0] has no allocatable",
                    "7:26 capacity.nodePools[0].count: '0' must be from 1 to 1000000"}},
        MistakeRow{"PoolTwice",
                   "  capacity:\n    nodePools:\n"
                   "      - {name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}\n"
                   "      - {name: a, count: 1, allocatable: {cpu: 4, memory: 8Gi}}\n",
                   {"8:9 capacity.nodePools[1] is a second pool 'a'"}},
        MistakeRow{"PoolResources",
                   "  capacity:\n    nodePools:\n"
                   "      - name: a\n        count: 1\n"
                   "        allocatable: {cpu: 4, memory: 8Gi, nvidia.com/gpu: 8, cpus: 1}\n",
                   {"9:63 capacity.nodePools[0].allocatable.cpus is not known; did you mean cpu?"}},
        MistakeRow{"PoolTaint",
                   "  capacity:\n    nodePools:\n"
                   "      - name: a\n        count: 1\n"
                   "        allocatable: {cpu: 4, memory: 8Gi}\n"
                   "        taints: [{key: spot, effect: Noschedule}]\n",
                   {"10:18 capacity.nodePools[0].taints[0].effect is 'Noschedule'; write "
                    "NoSchedule, PreferNoSchedule or NoExecute"}},
        MistakeRow{"Toleration",
                   "  capacity: {assume: {tolerations: [{operator: Equal, value: x}]}}\n",
                   {"5:37 capacity.assume.tolerations[0] has no key; only operator Exists "
                    "tolerates everything"}}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Settings, SpecMistakes,
    testing::Values(
        MistakeRow{"NoKey",
                   "  settings: [{type: size, max: 1g}]\n",
                   {"5:14 settings[0] has no key; write the Spark setting that it is about"}},
        MistakeRow{"NotOfSpark",
                   "  settings: [{key: sparc.x, max: 1, type: number}]\n",
                   {"5:20 settings[0].key: 'sparc.x' is no Spark setting; they begin with spark."}},
        MistakeRow{"TypeUnknown",
                   "  settings: [{key: spark.x, type: int, max: 1}]\n",
                   {"5:35 settings[0].type is 'int'; write size, time, number, boolean or text",
                    "5:45 settings[0].max: a text has no order; give type size, time or number"}},
        MistakeRow{"TypeIsSparks", "  settings: [{key: spark.executor.memory, max: 32g}]\n", {}},
        MistakeRow{"TypeIsNotSparks",
                   "  settings: [{key: spark.rpc.message.maxSize, type: size, max: 1g}]\n",
                   {"5:53 settings[0].type is size, but Spark reads spark.rpc.message.maxSize as a "
                    "number"}},
        MistakeRow{"MinAboveMax",
                   "  settings: [{key: spark.x, type: time, min: 2min, max: 119s}]\n",
                   {"5:46 settings[0].min (2min) is above max (119s)"}},
        MistakeRow{
            "MinIsMax", "  settings: [{key: spark.x, type: time, min: 2min, max: 120s}]\n", {}},
        MistakeRow{"DefaultOutside",
                   "  settings: [{key: spark.x, type: number, min: -1, max: 3, default: 4}]\n",
                   {"5:69 settings[0].default: 4 is above max 3"}},
        MistakeRow{"DefaultNotAllowed",
                   "  settings: [{key: spark.x, allowed: [a, b], default: c}]\n",
                   {"5:55 settings[0].default: c is not allowed"}},
        MistakeRow{"NothingAllowed",
                   "  settings: [{key: spark.x, allowed: []}]\n",
                   {"5:14 settings[0] asks for nothing; write min, max, allowed, default, required "
                    "or forbidden",
                    "5:38 settings[0].allowed is empty; write forbidden: true to allow no value"}},
        MistakeRow{"ForbiddenAndMore",
                   "  settings: [{key: spark.x, forbidden: true, default: a}]\n",
                   {"5:55 settings[0].default contradicts forbidden: a setting that may not be "
                    "there has no default"}},
        MistakeRow{"AsksForNothing",
                   "  settings: [{key: spark.x}]\n",
                   {"5:14 settings[0] asks for nothing; write min, max, allowed, default, required "
                    "or forbidden"}},
        MistakeRow{"SizeAsKubernetesWritesIt",
                   "  settings: [{key: spark.x, type: size, max: 1Gi}]\n",
                   {"5:46 settings[0].max: '1Gi' is written as Kubernetes writes it; a heap or a "
                    "Spark setting is written as Spark writes it: 1g"}},
        MistakeRow{"SecondRow",
                   "  settings:\n    - {key: spark.x, required: true}\n"
                   "    - {key: spark.x, forbidden: true}\n",
                   {"7:7 settings[1] is a second row for spark.x"}},
        MistakeRow{"RowIsText",
                   "  settings: [spark.x]\n",
                   {"5:14 settings[0] takes {key, type, min, max, ...}, not a single value"}}),
    [](const auto& row) { return row.param.name; });

struct FileRow {
  const char* name;
  std::string text;
  std::vector<std::string> want;
};

class FileMistakes : public testing::TestWithParam<FileRow> {};

TEST_P(FileMistakes, AreAllTold) { EXPECT_EQ(MistakesOf(GetParam().text), GetParam().want); }

std::string Repeat(std::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

// Each line stands for ten of the line before.
std::string AliasBomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    const std::string name = "a" + std::to_string(i);
    text += name + ": &" + name + " [" + before + Repeat(", " + before, 9) + "]\n";
  }
  return text;
}

const std::string kHead = "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n";

INSTANTIATE_TEST_SUITE_P(
    Files, FileMistakes,
    testing::Values(
        FileRow{"Empty", "", {"1:1 there is no policy in this file"}},
        FileRow{"OnlyComments", "# nothing\n---\n", {"1:1 there is no policy in this file"}},
        FileRow{"NoMap", "- 1\n", {"1:1 a policy is a map that begins with apiVersion and kind"}},
        FileRow{"NothingOfIt",
                "a: 1\n",
                {"1:1 apiVersion is missing; write policy.ballast.dev/v1alpha1",
                 "1:1 kind is missing; write SparkResourcePolicy or SparkPolicyException"}},
        FileRow{"OtherVersion",
                "apiVersion: policy.ballast.dev/v1\nkind: Policy\n",
                {"1:13 apiVersion is 'policy.ballast.dev/v1'; write policy.ballast.dev/v1alpha1",
                 "2:7 kind is 'Policy'; write SparkResourcePolicy or SparkPolicyException"}},
        FileRow{
            "NoSpecNoName",
            kHead,
            {"1:1 spec is missing", "1:1 metadata is missing; write metadata: {name: default}"}},
        FileRow{"BadName",
                kHead + "metadata: {name: My_Policy}\nspec: {}\n",
                {"3:18 metadata.name is 'My_Policy'; write small letters, digits, '-' and '.'"}},
        FileRow{"ReservedName",
                kHead + "metadata: {name: built-in}\nspec: {}\n",
                {"3:18 metadata.name is 'built-in', the name of what stands behind all policies; "
                 "choose another"}},
        FileRow{"Namespaced",
                kHead + "metadata: {name: a, namespace: b}\nspec: {}\n",
                {"3:18 metadata.namespace: a policy is for the whole cluster; narrow it with "
                 "spec.namespaceSelector"}},
        FileRow{"SecondOfThatName",
                kHead + "metadata: {name: a}\nspec: {}\n---\n" + kHead +
                    "metadata: {name: a}\nspec: {}\n",
                {"8:18 a second policy 'a'; the first is on line 3"}},
        FileRow{"UnknownKeyBesideSpec",
                kHead + "metadata: {name: a}\nspec: {}\nspecs: {}\n",
                {"5:1 specs is not known; did you mean spec?"}},
        FileRow{"NotYaml", "a: [1\n", {"2:1 not YAML: a [ is not closed, or a comma is missing"}},
        FileRow{"Tab", "a:\n\tb: 1\n", {"2:3 not YAML: indented with a tab; write blanks"}},
        FileRow{
            "TooDeep", Repeat("[", 65) + Repeat("]", 65), {"1:65 nested deeper than 64 levels"}},
        FileRow{"MuchTooDeep", Repeat("[", 100000), {"1:33 nested deeper than 64 levels"}},
        FileRow{"TooLarge",
                Repeat(" ", (1 << 20) + 1),
                {"1:1 larger than 1 MiB, which no policy needs"}},
        FileRow{"AliasBomb",
                AliasBomb(),
                {"5:40 more than 100000 values, aliases (*name) counted as what they stand for"}},
        FileRow{"AliasOfItself", "a: &a [*a]\n", {"1:8 an alias inside what it stands for"}}),
    [](const auto& row) { return row.param.name; });

TEST(PolicyYaml, ManyMistakesAreCounted) {
  std::string spec;
  for (int i = 0; i < 150; ++i) spec += "  unknown" + std::to_string(i) + ": 1\n";
  const std::vector<std::string> told = MistakesOf(WithSpec(spec));
  ASSERT_EQ(told.size(), 101u);
  EXPECT_EQ(told.back(), "105:3 and 50 more from here on");
}

TEST(PolicyYaml, AListOfPoliciesReadsAsManyDocuments) {
  const PolicyFile file = Read(
      "apiVersion: v1\nkind: List\nitems:\n"
      "- {apiVersion: policy.ballast.dev/v1alpha1, kind: SparkResourcePolicy,\n"
      "   metadata: {name: a, generation: 3, uid: x}, spec: {priority: 7}, status: {}}\n"
      "- {apiVersion: policy.ballast.dev/v1alpha1, kind: SparkResourcePolicy,\n"
      "   metadata: {name: b}, spec: {}}\n");
  ASSERT_EQ(file.policies.size(), 2u);
  EXPECT_EQ(file.policies[0].generation, 3);
  EXPECT_EQ(file.policies[0].priority, 7);
}

TEST(PolicyYaml, AnEmptySelectorOfExceptionsMeansEveryNamespaceAndNoneMeansNone) {
  EXPECT_TRUE(ReadOne("  exceptions: {namespaceSelector: {}}\n").exceptions.namespace_selector);
  EXPECT_FALSE(ReadOne("  exceptions: {namespaceSelector: }\n").exceptions.namespace_selector);
}

TEST(PolicyYaml, AnAliasStandsForWhatItNames) {
  const Policy policy = ReadOne("  limits: {driver: {heap: &h {max: 8g}}, executor: {heap: *h}}\n");
  EXPECT_EQ(policy.limits.driver.heap.max, Gibibytes(8));
  EXPECT_EQ(policy.limits.executor.heap.max, Gibibytes(8));
}

TEST(PolicyYaml, AnExceptionReadsAsItIsMeant) {
  const PolicyFile file = Read(
      "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
      "metadata:\n  name: quarter-end\n  namespace: jobs\n"
      "  creationTimestamp: \"2026-01-01T00:00:00Z\"\n"
      "  annotations: {ballast.dev/requester: ann}\n"
      "spec:\n  rules: [executor-shape]\n  objectSelector: {matchLabels: {app: close}}\n"
      "  until: 2026-01-31\n  reason: quarter end\n");
  ASSERT_EQ(file.exceptions.size(), 1u);
  const policy::PolicyException& exception = file.exceptions[0];
  EXPECT_EQ(exception.name, "quarter-end");
  EXPECT_EQ(exception.namespace_name, "jobs");
  EXPECT_EQ(exception.rules, std::vector<std::string>{"executor-shape"});
  EXPECT_EQ(exception.reason, "quarter end");
  EXPECT_EQ(exception.requester, "ann");
  EXPECT_EQ(exception.created_seconds, 1767225600);
  EXPECT_EQ(PrintMoment(exception.expires_seconds), "2026-02-01T00:00:00Z");
}

TEST(PolicyYaml, AnExceptionsMistakesAreTold) {
  EXPECT_EQ(MistakesOf("apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkPolicyException\n"
                       "metadata: {name: a}\n"
                       "spec: {rules: [cores, corse, kryo-buffer], until: tomorrow, why: x}\n"),
            (std::vector<std::string>{
                "4:7 an exception needs reason",
                "4:23 rules[1]: there is no rule 'corse'; did you mean cores?",
                "4:30 rules[2]: rule 'kryo-buffer' states a fact, which no exception can lift: the "
                "job would not run",
                "4:51 until: 'tomorrow' is no date; write 2026-12-31 or 2026-12-31T18:00:00Z",
                "4:61 why is not known; known here: rules, objectSelector, until and reason"}));
}

struct MomentRow {
  const char* text;
  const char* want;
};

TEST(PolicyYaml, MomentsReadAsRfc3339Does) {
  for (const MomentRow& row :
       {MomentRow{"2026-12-31", "2027-01-01T00:00:00Z"},
        MomentRow{"2026-12-31T18:00:00Z", "2026-12-31T18:00:00Z"},
        MomentRow{"2026-12-31T18:00:00+02:00", "2026-12-31T16:00:00Z"},
        MomentRow{"2026-12-31T18:00:00.25Z", "2026-12-31T18:00:00Z"},
        MomentRow{"2028-02-29", "2028-03-01T00:00:00Z"}, MomentRow{"2026-02-29", ""},
        MomentRow{"2026-12-31T24:00:00Z", ""}, MomentRow{"2026-12-31T18:00:00", ""},
        MomentRow{"26-12-31", ""}, MomentRow{"2026-12-31x", ""}}) {
    const policy::Result<int64_t> moment = ReadMoment(row.text);
    EXPECT_EQ(moment.ok() ? PrintMoment(*moment) : "", row.want) << row.text;
  }
}

TEST(Excerpt, ShowsTheLineWithACaretUnderTheColumn) {
  const std::string text = "a: 1\nlimits: {heap: x}\r\nend";
  EXPECT_EQ(Excerpt(text, "dir/p.yaml:2:16"), "  2 | limits: {heap: x}\n    |                ^\n");
  EXPECT_EQ(Excerpt(text, "p.yaml:3:4"), "  3 | end\n    |    ^\n");
  EXPECT_EQ(Excerpt(text, "p.yaml:3:5"), "  3 | end\n");
  EXPECT_EQ(Excerpt(text, "p.yaml:4:1"), "");
  EXPECT_EQ(Excerpt(text, "p.yaml"), "");
  EXPECT_EQ(Excerpt(text, ""), "");
  EXPECT_EQ(Excerpt(text, "1:0"), "");
}

}  // namespace
}  // namespace ballast::webhook
