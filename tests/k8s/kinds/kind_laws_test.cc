// What holds of every kind that has a table, over objects from a seed: the patch applied normalises
// to `after`, it is only made of allowed paths, there is nothing left to do afterwards, and the
// cheap proof says what the whole form says.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/kinds/kind.h"
#include "k8s/patch.h"
#include "tests/k8s/documents.h"

namespace ballast::k8s {
namespace {

using nlohmann::json;
using policy::Workload;

const std::vector<std::string> kValues = {"1", "2", "31g", "true", "false", "1500m", "", "07"};
const std::vector<std::string> kKeys = {"spark.kryoserializer.buffer.max",
                                        "spark.a/b~c",
                                        "spark.hadoop.fs.x",
                                        "spark.executor.memory",
                                        "spark.executor.instances",
                                        "spark.dynamicAllocation.enabled",
                                        "spark.dynamicallocation.enabled",
                                        "spark.kubernetes.node.selector.zone",
                                        "spark.executor.resource.gpu.amount"};

class KindLaws : public testing::TestWithParam<const Kind*> {
 protected:
  const Kind& kind() const { return *GetParam(); }
  bool Chance(int percent) { return Below(100) < percent; }
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  template <typename List>
  const auto& Of(const List& from) {
    return from[static_cast<size_t>(Below(static_cast<int>(from.size())))];
  }

  json FieldValue(const Field& field) {
    if (field.spelling == Spelling::kBoolean) return Chance(60);
    if (field.spelling == Spelling::kWhole) {
      return std::clamp<int64_t>(1 + Below(9), field.least, field.most);
    }
    return Of(std::vector<std::string>{"1g", "512m", "4096", "", "0.3", "2"});
  }

  // Where the kind keeps settings that have no field.
  std::string ConfPointer(const json& object) const {
    std::string path = kind().path_of(JsonView(object), "spark.sql.x");
    return path.substr(0, path.rfind('/'));
  }

  // Whether settings that have no field can be written at all.
  bool HasConf() const { return kind().may_patch(ConfPointer(json::object()) + "/spark.sql.x"); }

  json RandomObject() {
    json object = {
        {"apiVersion", std::string(kind().group) + "/" + std::string(Of(kind().versions))},
        {"kind", std::string(kind().kind)},
        {"metadata", {{"name", "job"}, {"namespace", "team"}}},
        {"spec", json::object()}};
    const json::json_pointer conf{ConfPointer(object)};
    object[conf.parent_pointer()] = json::object();
    if (Chance(70)) object[conf] = json::object();
    if (Chance(10)) object[conf] = nullptr;
    for (const Field& field : kind().fields()) {
      const json::json_pointer pointer{std::string(field.pointer)};
      const json::json_pointer parent = pointer.parent_pointer();
      if (parent == conf) continue;
      if (!object.contains(parent) && Chance(40)) object[parent] = json::object();
      if (Chance(40) && object.contains(parent) && object[parent].is_object()) {
        object[pointer] = Chance(5) ? json() : FieldValue(field);
      }
    }
    if (!object.contains(conf) || !object[conf].is_object() || !HasConf()) return object;
    for (const std::string& key : kKeys) {
      if (Chance(25)) object[conf][key] = Of(kValues);
    }
    for (const Field& field : kind().fields()) {
      if (Chance(20)) object[conf][std::string(field.key)] = Of(kValues);
    }
    return object;
  }

  policy::SettingChange RandomChange() {
    const auto fields = kind().fields();
    std::string key =
        !HasConf() || (!fields.empty() && Chance(60)) ? std::string(Of(fields).key) : Of(kKeys);
    if (Chance(15)) return {std::move(key), std::nullopt};
    // A kind with numbers alone can hold little else.
    if (!HasConf() && Chance(80)) return {std::move(key), std::to_string(1 + Below(9))};
    return {std::move(key), Of(kValues)};
  }

  // nlohmann's patch on the whole document, normalised and compared.
  bool ProvenAsAWhole(const json& object, const Patch& patch, const Workload& after) const {
    const auto patched = ApplyPatch(object, patch);
    if (!patched.ok()) return false;
    const auto workload = kind().normalise(JsonView(*patched), {});
    return workload.ok() && SameMeaning(*workload, after);
  }

 private:
  std::mt19937 random_{20261126};
};

TEST_P(KindLaws, ThePatchAppliedNormalisesToAfter) {
  int proven = 0;
  int impossible = 0;
  for (int round = 0; round < 6000; ++round) {
    const json object = RandomObject();
    const ReadDocument document(PrintJson(object));
    const auto before = kind().normalise(document.view(), {});
    ASSERT_TRUE(before.ok()) << object << before.error().where << before.error().what;
    const auto other_reader = kind().normalise(JsonView(object), {});
    ASSERT_TRUE(other_reader.ok());
    ASSERT_EQ(*before, *other_reader) << object;
    Workload after = *before;
    for (int i = Below(4); i >= 0; --i) after.conf.Apply(RandomChange());
    const Patch patch = kind().render(document.view(), *before, after);
    for (const PatchOperation& operation : patch) {
      ASSERT_TRUE(kind().may_patch(operation.path) ||
                  std::ranges::count(kind().may_make, operation.path) == 1)
          << operation.path;
    }
    const bool whole = ProvenAsAWhole(object, patch, after);
    ASSERT_EQ(whole, ProvePatch(kind(), document.view(), patch, after, {}).ok())
        << object << ToJson(patch);
    ASSERT_EQ(whole, ProvePatch(kind(), document.view(), patch, *before, after, {}).ok())
        << object << ToJson(patch);
    // What cannot be: a default of the operator's taken away, or a number of ours without a field.
    ++(whole ? proven : impossible);
    if (!whole) continue;
    const auto applied = ApplyPatch(object, patch);
    const auto again = kind().normalise(JsonView(*applied), {});
    EXPECT_TRUE(kind().render(JsonView(*applied), *again, after).empty());
  }
  EXPECT_GT(proven, impossible * 2) << proven << " " << impossible;
}

std::vector<const Kind*> KindsWithATable() {
  std::vector<const Kind*> kinds;
  for (const Kind* kind : AllKinds()) {
    if (kind->fields != nullptr) kinds.push_back(kind);
  }
  return kinds;
}

INSTANTIATE_TEST_SUITE_P(All, KindLaws, testing::ValuesIn(KindsWithATable()), [](const auto& row) {
  std::string name(row.param->group);
  name = name.substr(0, name.find('.'));
  return name + std::string(row.param->kind) + std::to_string(row.index);
});

}  // namespace
}  // namespace ballast::k8s
