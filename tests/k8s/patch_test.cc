#include "k8s/patch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/kinds/spark_application.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using policy::SettingChange;
using policy::Workload;

// ---- Rendering: which places are written
// ---------------------------------------------------------

struct RenderCase {
  const char* name;
  const char* spec;
  std::vector<SettingChange> changes;
  const char* want;  // the patch
};

class RenderPatch : public testing::TestWithParam<RenderCase> {};

TEST_P(RenderPatch, WritesWhereTheNumberIs) {
  const ReadDocument document(Application(GetParam().spec));
  const auto before = kSparkApplication.normalise(document.view(), {});
  ASSERT_TRUE(before.ok()) << before.error().what;
  Workload after = *before;
  for (const SettingChange& change : GetParam().changes) after.conf.Apply(change);
  const Patch patch = kSparkApplication.render(document.view(), *before, after);
  EXPECT_EQ(ToJson(patch), ParseJson(GetParam().want)) << PrintJson(ToJson(patch));
  const auto proof = ProvePatch(kSparkApplication, document.view(), patch, after, {});
  EXPECT_TRUE(proof.ok()) << proof.error().where << " " << proof.error().what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RenderPatch,
    testing::Values(
        RenderCase{"NothingChanges", "{}", {}, "[]"},
        RenderCase{"AFieldThatIsThere",
                   R"({"executor":{"memory":"60g","cores":8}})",
                   {{"spark.executor.memory", "31g"}, {"spark.executor.cores", "4"}},
                   R"([{"op":"replace","path":"/spec/executor/cores","value":4},
                       {"op":"replace","path":"/spec/executor/memory","value":"31g"}])"},
        RenderCase{"ASettingThatIsThere",
                   R"({"sparkConf":{"spark.executor.memory":"60g"},"executor":{}})",
                   {{"spark.executor.memory", "31g"}},
                   R"([{"op":"replace","path":"/spec/sparkConf/spark.executor.memory",
                        "value":"31g"}])"},
        RenderCase{"TheFieldThatWins",
                   R"({"sparkConf":{"spark.executor.memory":"2g"},"executor":{"memory":"60g"}})",
                   {{"spark.executor.memory", "31g"}},
                   R"([{"op":"replace","path":"/spec/executor/memory","value":"31g"}])"},
        RenderCase{"ANewFieldAndItsParent",
                   R"({})",
                   {{"spark.executor.memoryOverhead", "4g"}},
                   R"([{"op":"add","path":"/spec/executor","value":{}},
                       {"op":"add","path":"/spec/executor/memoryOverhead","value":"4g"}])"},
        RenderCase{"ANewSettingAndItsParent",
                   R"({"sparkConf":null})",
                   {{"spark.kryoserializer.buffer.max", "1g"}, {"spark.memory.fraction", "0.6"}},
                   R"([{"op":"add","path":"/spec/sparkConf","value":{}},
                       {"op":"add","path":"/spec/sparkConf/spark.kryoserializer.buffer.max",
                        "value":"1g"},
                       {"op":"add","path":"/spec/sparkConf/spark.memory.fraction",
                        "value":"0.6"}])"},
        RenderCase{"ASlashInTheKey",
                   R"({"sparkConf":{"spark.a/b~c":"1"}})",
                   {{"spark.a/b~c", "2"}},
                   R"([{"op":"replace","path":"/spec/sparkConf/spark.a~1b~0c","value":"2"}])"},
        RenderCase{"AWholeNumberThatTheFieldCannotCarry",
                   R"({"executor":{"instances":5},"sparkConf":{}})",
                   {{"spark.executor.instances", "0"}},
                   R"([{"op":"remove","path":"/spec/executor/instances"},
                       {"op":"add","path":"/spec/sparkConf/spark.executor.instances",
                        "value":"0"}])"},
        RenderCase{"TheOverheadFactorByField",
                   R"({"memoryOverheadFactor":"0.05"})",
                   {{"spark.kubernetes.memoryOverheadFactor", "0.1"}},
                   R"([{"op":"replace","path":"/spec/memoryOverheadFactor","value":"0.1"}])"},
        RenderCase{"TheOverheadFactorInSparkConf",
                   R"({"memoryOverheadFactor":"0.2",
                       "sparkConf":{"spark.kubernetes.memoryOverheadFactor":"0.05"}})",
                   {{"spark.kubernetes.memoryOverheadFactor", "0.1"}},
                   R"([{"op":"replace",
                        "path":"/spec/sparkConf/spark.kubernetes.memoryOverheadFactor",
                        "value":"0.1"}])"},
        RenderCase{"RemovedFromEveryPlace",
                   R"({"executor":{"memoryOverhead":"1g"},
                       "sparkConf":{"spark.executor.memoryOverhead":"2g"}})",
                   {{"spark.executor.memoryOverhead", std::nullopt}},
                   R"([{"op":"remove","path":"/spec/executor/memoryOverhead"},
                       {"op":"remove","path":"/spec/sparkConf/spark.executor.memoryOverhead"}])"},
        RenderCase{"ANumberWithoutASetting",
                   R"({"executor":{"memoryLimit":"70g"}})",
                   {{"executor.memoryLimit", "35g"}, {"driver.memoryLimit", "2g"}},
                   R"([{"op":"add","path":"/spec/driver","value":{}},
                       {"op":"add","path":"/spec/driver/memoryLimit","value":"2g"},
                       {"op":"replace","path":"/spec/executor/memoryLimit","value":"35g"}])"},
        RenderCase{"DynamicAllocationByField",
                   R"({"dynamicAllocation":{"enabled":true,"maxExecutors":500}})",
                   {{"spark.dynamicAllocation.maxExecutors", "40"},
                    {"spark.dynamicAllocation.minExecutors", "2"},
                    {"spark.dynamicAllocation.executorIdleTimeout", "60s"}},
                   R"([{"op":"add","path":"/spec/sparkConf","value":{}},
                       {"op":"add",
                        "path":"/spec/sparkConf/spark.dynamicAllocation.executorIdleTimeout",
                        "value":"60s"},
                       {"op":"replace","path":"/spec/dynamicAllocation/maxExecutors","value":40},
                       {"op":"add","path":"/spec/dynamicAllocation/minExecutors","value":2}])"},
        RenderCase{"DynamicAllocationInSparkConf",
                   R"({"sparkConf":{"spark.dynamicAllocation.enabled":"true"}})",
                   {{"spark.dynamicAllocation.maxExecutors", "40"}},
                   R"([{"op":"add","path":"/spec/sparkConf/spark.dynamicAllocation.maxExecutors",
                        "value":"40"}])"},
        RenderCase{"DynamicAllocationByFieldSwitchedOff",
                   R"({"dynamicAllocation":{"enabled":true,"maxExecutors":5},
                       "executor":{"instances":3}})",
                   {{"spark.dynamicAllocation.enabled", "false"}},
                   R"([{"op":"replace","path":"/spec/dynamicAllocation/enabled","value":false},
                       {"op":"add","path":"/spec/sparkConf","value":{}},
                       {"op":"add","path":"/spec/sparkConf/spark.dynamicAllocation.enabled",
                        "value":"false"},
                       {"op":"add","path":"/spec/sparkConf/spark.dynamicAllocation.maxExecutors",
                        "value":"5"},
                       {"op":"add",
                        "path":"/spec/sparkConf/spark.dynamicAllocation.shuffleTracking.enabled",
                        "value":"true"}])"},
        RenderCase{"HadoopConf",
                   R"({"hadoopConf":{"fs.s3a.threads.max":"64"}})",
                   {{"spark.hadoop.fs.s3a.threads.max", "16"}},
                   R"([{"op":"replace","path":"/spec/hadoopConf/fs.s3a.threads.max",
                        "value":"16"}])"}),
    [](const auto& row) { return row.param.name; });

// ---- What must never be sent
// -----------------------------------------------------------------------

struct RefusedCase {
  const char* name;
  const char* spec;
  const char* patch;
};

Patch FromJson(const json& operations) {
  Patch patch;
  for (const json& operation : operations) {
    patch.push_back({operation["op"], operation["path"], operation.value("value", json())});
  }
  return patch;
}

class RefusedPatch : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedPatch, IsNeverProven) {
  const ReadDocument document(Application(GetParam().spec));
  const auto before = kSparkApplication.normalise(document.view(), {});
  const auto proof = ProvePatch(kSparkApplication, document.view(),
                                FromJson(ParseJson(GetParam().patch)), *before, {});
  EXPECT_FALSE(proof.ok());
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedPatch,
    testing::Values(
        RefusedCase{"AnotherPath", "{}", R"([{"op":"add","path":"/spec/image","value":"evil"}])"},
        RefusedCase{"BesideTheField", "{}",
                    R"([{"op":"add","path":"/spec/executor/memoryX","value":"1g"}])"},
        RefusedCase{"TheWholeMap", R"({"sparkConf":{"spark.a":"1"}})",
                    R"([{"op":"add","path":"/spec/sparkConf","value":{}}])"},
        RefusedCase{"TheWholeMapTakenAway", R"({"sparkConf":{}})",
                    R"([{"op":"remove","path":"/spec/sparkConf"}])"},
        RefusedCase{"AMapThatIsNotEmpty", "{}",
                    R"([{"op":"add","path":"/spec/sparkConf","value":{"spark.a":"1"}}])"},
        RefusedCase{"AnObjectInsteadOfANumber", R"({"sparkConf":{}})",
                    R"([{"op":"add","path":"/spec/sparkConf/spark.a","value":{}}])"},
        RefusedCase{"AnotherOperation", R"({"sparkConf":{"spark.a":"1"}})",
                    R"([{"op":"test","path":"/spec/sparkConf/spark.a","value":"1"}])"},
        RefusedCase{"ReplaceWhereNothingIs", R"({"executor":{}})",
                    R"([{"op":"replace","path":"/spec/executor/memory","value":"1g"}])"},
        RefusedCase{"RemoveWhereNothingIs", R"({"executor":{}})",
                    R"([{"op":"remove","path":"/spec/executor/memory"}])"},
        RefusedCase{"NoParent", R"({})",
                    R"([{"op":"add","path":"/spec/executor/memory","value":"1g"}])"},
        RefusedCase{"AnotherResult", R"({"executor":{}})",
                    R"([{"op":"add","path":"/spec/executor/memory","value":"2g"}])"},
        RefusedCase{"AWrongType", R"({"executor":{}})",
                    R"([{"op":"add","path":"/spec/executor/cores","value":"1"}])"},
        RefusedCase{"ABadEscape", R"({"sparkConf":{}})",
                    R"([{"op":"add","path":"/spec/sparkConf/spark.~2","value":"1"}])"},
        RefusedCase{"NoPointer", "{}", R"([{"op":"remove","path":""}])"}),
    [](const auto& row) { return row.param.name; });

TEST(Patch, AnnotationsOfOursMayBeWritten) {
  const ReadDocument document(Application("{}"));
  const auto before = kSparkApplication.normalise(document.view(), {});
  PatchWriter out(document.view());
  out.Put("/metadata/annotations/ballast.dev~1decision", "split");
  const Patch patch = std::move(out).Take();
  EXPECT_EQ(ToJson(patch), ParseJson(R"([
      {"op":"add","path":"/metadata/annotations","value":{}},
      {"op":"add","path":"/metadata/annotations/ballast.dev~1decision","value":"split"}])"));
  EXPECT_TRUE(ProvePatch(kSparkApplication, document.view(), patch, *before, {}).ok());
  EXPECT_FALSE(kSparkApplication.may_patch("/metadata/annotations/team~1owner"));
  EXPECT_FALSE(kSparkApplication.may_patch("/metadata/annotations/ballast.dev~1a/b"));
}

TEST(PatchWriter, TheLastWordCounts) {
  const ReadDocument document(R"({"a":{"b":1}})");
  PatchWriter out(document.view());
  out.Put("/a/b", 2);
  out.Put("/a/c", 3);
  out.Remove("/a/b");
  out.Remove("/a/c");
  out.Remove("/a/d");
  EXPECT_EQ(ToJson(std::move(out).Take()), ParseJson(R"([{"op":"remove","path":"/a/b"}])"));
}

// ---- The law: the patch applied normalises to `after`, and the cheap proof says what the whole
// form says. ------------------------------------------------------------------------------------

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  bool Chance(int percent) { return Below(100) < percent; }
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  template <typename T>
  T Pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(Below(static_cast<int>(from.size())))];
  }

  // A value that a field of the table may hold.
  json FieldValue(const Field& field) {
    if (field.spelling == Spelling::kBoolean) return Chance(60);
    if (field.spelling == Spelling::kWhole) return 1 + Below(9);
    return Pick<std::string>({"1g", "512m", "4096", "", "0.3", "2"});
  }

  json RandomApplication() {
    json object = ParseJson(Application("{}"));
    json& spec = object["spec"];
    if (Chance(70)) spec["sparkConf"] = json::object();
    if (Chance(10)) spec["sparkConf"] = nullptr;
    if (Chance(80)) spec["driver"] = json::object();
    if (Chance(80)) spec["executor"] = json::object();
    if (Chance(40)) spec["dynamicAllocation"] = json::object();
    if (Chance(20)) spec["hadoopConf"] = {{"fs.x", "1"}};
    if (Chance(30)) object["metadata"]["annotations"] = {{"ballast.dev/decision", "x"}};
    for (const Field& field : kSparkApplication.fields()) {
      const json::json_pointer pointer{std::string(field.pointer)};
      const auto parent = pointer.parent_pointer();
      if (Chance(40) && object.contains(parent) && object[parent].is_object()) {
        object[pointer] = Chance(5) ? json() : FieldValue(field);
      }
      if (Chance(25) && spec["sparkConf"].is_object() && field.key.starts_with("spark.")) {
        spec["sparkConf"][std::string(field.key)] = Pick<std::string>(kValues);
      }
    }
    return object;
  }

  SettingChange RandomChange() {
    static const std::vector<std::string> kOthers = {"spark.kryoserializer.buffer.max",
                                                     "spark.a/b~c",
                                                     "spark.hadoop.fs.x",
                                                     "spark.sql.x",
                                                     "spark.dynamicallocation.enabled",
                                                     "spark.kubernetes.node.selector.zone",
                                                     "spark.executor.resource.gpu.amount"};
    const auto fields = kSparkApplication.fields();
    std::string key =
        Chance(70)
            ? std::string(fields[static_cast<size_t>(Below(static_cast<int>(fields.size())))].key)
            : Pick(kOthers);
    if (Chance(15)) return {std::move(key), std::nullopt};
    return {std::move(key), Pick<std::string>(kValues)};
  }

 private:
  static inline const std::vector<std::string> kValues = {"1",     "2",     "31g", "true",
                                                          "false", "1500m", "",    "07"};
  std::mt19937 random_;
};

// The whole form of the proof: nlohmann's patch on the whole document, normalised and compared.
bool ProvenAsAWhole(const json& object, const Patch& patch, const Workload& after) {
  const auto patched = ApplyPatch(object, patch);
  if (!patched.ok()) return false;
  const auto workload = kSparkApplication.normalise(JsonView(*patched), {});
  return workload.ok() && SameMeaning(*workload, after);
}

TEST(PatchLaw, ThePatchAppliedNormalisesToAfter) {
  Generator generator(20261121);
  int proven = 0;
  int impossible = 0;
  for (int round = 0; round < 20000; ++round) {
    const json object = generator.RandomApplication();
    const ReadDocument document(PrintJson(object));
    const auto before = kSparkApplication.normalise(document.view(), {});
    ASSERT_TRUE(before.ok()) << object << before.error().where << before.error().what;
    Workload after = *before;
    for (int i = generator.Below(4); i >= 0; --i) after.conf.Apply(generator.RandomChange());
    const Patch patch = kSparkApplication.render(document.view(), *before, after);
    for (const PatchOperation& operation : patch) {
      ASSERT_TRUE(kSparkApplication.may_patch(operation.path) ||
                  std::ranges::count(kSparkApplication.may_make, operation.path) == 1)
          << operation.path;
    }
    const bool whole = ProvenAsAWhole(object, patch, after);
    const auto proof = ProvePatch(kSparkApplication, document.view(), patch, after, {});
    ASSERT_EQ(whole, proof.ok()) << object << ToJson(patch);
    const auto touched = ProvePatch(kSparkApplication, document.view(), patch, *before, after, {});
    ASSERT_EQ(whole, touched.ok()) << object << ToJson(patch);
    if (whole) {
      ++proven;
      const auto applied = ApplyPatch(object, patch);
      const auto again = kSparkApplication.normalise(JsonView(*applied), {});
      EXPECT_TRUE(kSparkApplication.render(JsonView(*applied), *again, after).empty());
    } else {
      ++impossible;
      // What cannot be: a default of the operator's taken away, or a number of ours without a field
      // that could carry it.
      if (round < 400) continue;
    }
  }
  EXPECT_GT(proven, impossible * 2) << proven << " " << impossible;
}

// Any list of operations on allowed paths, not only those that we would make: the cheap proof
// says what the whole form says.
TEST(PatchLaw, TheCheapProofIsTheWholeForm) {
  Generator generator(7);
  int proven = 0;
  int told = 0;
  for (int round = 0; round < 20000; ++round) {
    json object = generator.RandomApplication();
    // The library takes a member away from null without a word; RFC 6902 and the API server do not.
    if (object["spec"]["sparkConf"].is_null()) object["spec"].erase("sparkConf");
    const ReadDocument document(PrintJson(object));
    Patch patch;
    for (int i = generator.Below(4); i >= 0; --i) {
      const auto fields = kSparkApplication.fields();
      const Field& field =
          fields[static_cast<size_t>(generator.Below(static_cast<int>(fields.size())))];
      const std::string op = generator.Pick<std::string>({"add", "replace", "remove"});
      if (generator.Chance(20)) {
        patch.push_back({"add",
                         generator.Pick<std::string>({"/spec/sparkConf", "/spec/executor",
                                                      "/spec/driver", "/metadata/annotations"}),
                         json::object()});
      } else if (generator.Chance(50)) {
        std::string path = "/spec/sparkConf";
        AppendToken(path, field.key);
        if (kSparkApplication.may_patch(path)) patch.push_back({op, path, "2"});
      } else {
        patch.push_back({op, std::string(field.pointer), generator.FieldValue(field)});
      }
    }
    const auto applied = ApplyPatch(object, patch);
    const auto wanted = applied.ok() ? kSparkApplication.normalise(JsonView(*applied), {})
                                     : kSparkApplication.normalise(document.view(), {});
    if (!wanted.ok()) continue;
    const bool makes_over = std::ranges::any_of(patch, [&](const PatchOperation& operation) {
      const JsonView there = document.view().At(operation.path);
      return operation.value.is_object() && there.is_object();
    });
    const auto proof = ProvePatch(kSparkApplication, document.view(), patch, *wanted, {});
    ASSERT_EQ(proof.ok(), applied.ok() && !makes_over)
        << object << ToJson(patch) << (proof.ok() ? "" : proof.error().what);
    if (proof.ok()) ++proven;
    const auto before = kSparkApplication.normalise(document.view(), {});
    ASSERT_TRUE(before.ok());
    const auto touched =
        ProvePatch(kSparkApplication, document.view(), patch, *before, *wanted, {});
    ASSERT_EQ(proof.ok(), touched.ok()) << object << ToJson(patch);
    // The settings that were touched say what the whole object says of them.
    const auto keys = kSparkApplication.touched->named(patch);
    if (!proof.ok() || !keys) continue;
    const JsonView result(*applied);
    const auto read = kSparkApplication.touched->read(result, {}, *keys);
    ASSERT_TRUE(read.ok()) << object << ToJson(patch) << read.error().what;
    for (const std::string& key : *keys) {
      ASSERT_EQ(read->Get(key), wanted->conf.Get(key)) << object << ToJson(patch) << key;
    }
    ++told;
  }
  EXPECT_GT(proven, 3000);
  EXPECT_GT(told, 3000);
}

struct TouchedCase {
  const char* name;
  const char* path;
  std::optional<std::vector<std::string>> want;
};

class TouchedSettings : public testing::TestWithParam<TouchedCase> {};

TEST_P(TouchedSettings, AreNamedByThePath) {
  EXPECT_EQ(kSparkApplication.touched->named({{"replace", GetParam().path, "1"}}), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TouchedSettings,
    testing::Values(
        TouchedCase{"ASetting", "/spec/sparkConf/spark.a~1b", {{"spark.a/b"}}},
        TouchedCase{"AHadoopSetting", "/spec/hadoopConf/fs.x", {{"spark.hadoop.fs.x"}}},
        TouchedCase{"AField", "/spec/executor/memory", {{"spark.executor.memory"}}},
        TouchedCase{"AnAnnotation", "/metadata/annotations/ballast.dev~1original",
                    std::vector<std::string>()},
        // Which nodes a pod may run on follows from these too.
        TouchedCase{"ANodeSelector", "/spec/sparkConf/spark.kubernetes.node.selector.zone", {}},
        TouchedCase{"AnExecutorsNodeSelector",
                    "/spec/sparkConf/spark.kubernetes.executor.node.selector.zone",
                    {}},
        TouchedCase{"AResource", "/spec/sparkConf/spark.executor.resource.gpu.amount", {}},
        TouchedCase{"AClaim",
                    "/spec/sparkConf/spark.kubernetes.executor.volumes.persistentVolumeClaim.a."
                    "options.claimName",
                    {}},
        TouchedCase{"NoSetting", "/spec/image", {}}),
    [](const auto& row) { return row.param.name; });

// An object may leave its namespace to the request that creates it.
TEST(SameMeaning, TheObjectsIdentityDoesNotCount) {
  policy::Workload in_the_request;
  in_the_request.conf.Set("spark.executor.memory", "4g");
  policy::Workload in_the_object = in_the_request;
  in_the_request.resource.namespace_name = "team-a";
  EXPECT_TRUE(SameMeaning(in_the_request, in_the_object));
  in_the_object.conf.Set("spark.executor.memory", "5g");
  EXPECT_FALSE(SameMeaning(in_the_request, in_the_object));
}

}  // namespace
}  // namespace ballast::k8s
