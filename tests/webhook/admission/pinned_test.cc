// Laws of pinned decisions, over random sequences of edits, policies and cluster sizes: a store
// that behaves as the API server does, users who apply, replace and edit.
#include "webhook/admission/pinned.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "k8s/json_text.h"
#include "k8s/patch.h"
#include "tests/webhook/admission/admission_fixture.h"
#include "webhook/admission/restore.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

std::string PolicyYaml(const std::string& name, int nodes, const std::string& memory,
                       const std::string& limits) {
  return "apiVersion: policy.ballast.dev/v1alpha1\nkind: SparkResourcePolicy\n"
         "metadata: {name: " +
         name +
         "}\nspec:\n  mode: Enforce\n  capacity:\n    source: NodePools\n    nodePools:\n"
         "      - {name: p, count: " +
         std::to_string(nodes) + ", allocatable: {cpu: \"16\", memory: " + memory +
         ", pods: \"110\"}}\n  limits: " + limits +
         "\n  rules: {executor-shape: Enforce, cluster-share: Enforce, driver-shape: Enforce}\n";
}

std::vector<Snapshot> Worlds() {
  return {SnapshotOf(PolicyYaml("loose", 100, "64Gi", "{}")),
          SnapshotOf(PolicyYaml("small-nodes", 100, "16Gi", "{kryoBufferMax: 1g}")),
          SnapshotOf(PolicyYaml("share", 8, "64Gi", "{application: {memoryShare: 50%}}")),
          SnapshotOf(
              PolicyYaml("shape", 100, "64Gi", "{executor: {heap: {max: 12g}, cores: {max: 4}}}"))};
}

json::json_pointer Pointer(const char* text) { return json::json_pointer(text); }

struct Leaf {
  const char* pointer;
  std::vector<json> values;  // null: absent
};

const std::vector<Leaf>& Leaves() {
  static const std::vector<Leaf> kLeaves = {
      {"/spec/executor/memory", {"4g", "12g", "28g", "40g", "60g", nullptr}},
      {"/spec/executor/cores", {1, 2, 4, 8, nullptr}},
      {"/spec/executor/instances", {1, 3, 10, 40, 200, nullptr}},
      {"/spec/executor/memoryOverhead", {"512m", "4g", nullptr, nullptr}},
      {"/spec/sparkConf/spark.kryoserializer.buffer.max", {"64m", "1g", "2048m", "4096m", nullptr}},
      {"/spec/sparkConf/spark.app.note", {"a", "b", nullptr}},
      {"/spec/mainClass", {"com.example.A", "com.example.B"}},
  };
  return kLeaves;
}

void SetLeaf(json& object, const char* pointer, const json& value) {
  const json::json_pointer at = Pointer(pointer);
  if (!value.is_null()) {
    object[at] = value;
    return;
  }
  if (!object.contains(at)) return;
  json& parent = object[at.parent_pointer()];
  parent.erase(at.back());
  if (parent.empty() && at.parent_pointer().back() == "sparkConf") {
    object["spec"].erase("sparkConf");
  }
}

json LeafOf(const json& object, const char* pointer) {
  const json::json_pointer at = Pointer(pointer);
  return object.contains(at) ? object[at] : json();
}

// What is stored, and what the user's own file says.
class Cluster {
 public:
  explicit Cluster(unsigned seed) : random_(seed), worlds_(Worlds()) {
    text_ = Application(R"({"type":"Scala","mode":"cluster","mainClass":"com.example.A",
        "mainApplicationFile":"local:///a.jar","sparkVersion":"4.0.0",
        "driver":{"cores":1,"memory":"2g"},
        "executor":{"cores":4,"memory":"28g","instances":10}})");
  }

  void Run(int steps) {
    ChangeWorld();
    stored_ = Fresh(text_);
    if (!stored_) return;
    for (int step = 0; step < steps; ++step) {
      switch (random_() % 6) {
        case 0:
          ChangeWorld();
          ApplyAgain();
          break;
        case 1:
          LoseAnnotations();
          break;
        default:
          Edit();
      }
      if (testing::Test::HasFailure()) return;
    }
  }

 private:
  size_t Pick(size_t count) { return random_() % count; }
  const Snapshot& world() const { return worlds_[world_]; }
  void ChangeWorld() { world_ = Pick(worlds_.size()); }

  // The API server: mutate, mutate again on its own result, validate, store.
  std::optional<json> Write(const json& object, const json* old_object) {
    const auto request = [&](const json& now) {
      return old_object == nullptr ? Create(now) : Update(now, *old_object);
    };
    const AdmissionAnswer first = Admit(request(object), Endpoint::kMutate, world(), kNow);
    EXPECT_EQ(first.patch_failure, "");
    if (!first.allowed) return std::nullopt;
    json result = Patched(object, first);
    const AdmissionAnswer second = Admit(request(result), Endpoint::kMutate, world(), kNow);
    EXPECT_TRUE(second.allowed) << second.message;
    EXPECT_EQ(k8s::ToJson(second.patch), json::array()) << k8s::PrintJson(object) << "\n"
                                                        << k8s::PrintJson(result);
    const AdmissionAnswer last = Admit(request(result), Endpoint::kValidate, world(), kNow);
    EXPECT_TRUE(last.allowed) << last.message << "\n" << k8s::PrintJson(result);
    return result;
  }

  std::optional<json> Fresh(json text) {
    text["metadata"].erase("annotations");
    return Write(text, nullptr);
  }

  // kubectl's merge: what the file says is set, what it said before and does not say now goes.
  json Applied(const json& text_before) const {
    json object = *stored_;
    for (const Leaf& leaf : Leaves()) {
      const json wanted = LeafOf(text_, leaf.pointer);
      if (!wanted.is_null() || !LeafOf(text_before, leaf.pointer).is_null()) {
        SetLeaf(object, leaf.pointer, wanted);
      }
    }
    object["metadata"]["annotations"][kLastApplied] = k8s::PrintJson(text_);
    return object;
  }

  void ExpectSameAsFresh(const std::optional<json>& result) {
    const std::optional<json> fresh = Fresh(text_);
    ASSERT_EQ(result.has_value(), fresh.has_value()) << k8s::PrintJson(text_);
    if (!result) return;
    EXPECT_EQ(WithoutEmpty((*result)["spec"]), WithoutEmpty((*fresh)["spec"]))
        << k8s::PrintJson(text_);
    const json own =
        result->value("/metadata/annotations/ballast.dev~1original"_json_pointer, json());
    const json want =
        fresh->value("/metadata/annotations/ballast.dev~1original"_json_pointer, json());
    EXPECT_EQ(own, want) << k8s::PrintJson(text_);
  }

  void Edit() {
    const json text_before = text_;
    const Leaf& leaf = Leaves()[Pick(Leaves().size())];
    const json value = leaf.values[Pick(leaf.values.size())];
    json object;
    switch (Pick(3)) {
      case 0:  // kubectl apply
        SetLeaf(text_, leaf.pointer, value);
        object = Applied(text_before);
        break;
      case 1:  // kubectl replace
        SetLeaf(text_, leaf.pointer, value);
        object = text_;
        break;
      default:  // kubectl edit: of what stands there
        if (LeafOf(*stored_, leaf.pointer) == value) return;
        SetLeaf(text_, leaf.pointer, value);
        object = *stored_;
        SetLeaf(object, leaf.pointer, value);
    }
    const std::optional<json> result = Write(object, &*stored_);
    // What is asked as before keeps its decision, whatever the world is by now.
    if (text_["spec"] == text_before["spec"]) {
      ASSERT_TRUE(result.has_value());
      EXPECT_EQ(WithoutEmpty((*result)["spec"]), WithoutEmpty((*stored_)["spec"]));
    } else {
      ExpectSameAsFresh(result);
    }
    if (result) {
      stored_ = result;
    } else {
      text_ = text_before;
    }
  }

  // A second apply of the same file changes nothing.
  void ApplyAgain() {
    const json object = Applied(text_);
    const std::optional<json> result = Write(object, &*stored_);
    ASSERT_TRUE(result.has_value());
    json want = *stored_;
    want["metadata"]["annotations"][kLastApplied] = k8s::PrintJson(text_);
    EXPECT_EQ(*result, want);
    stored_ = result;
  }

  // Somebody takes Ballast's annotations away, or writes others: they come back.
  void LoseAnnotations() {
    json object = *stored_;
    if (!object["metadata"].contains("annotations")) return;
    json& annotations = object["metadata"]["annotations"];
    if (!annotations.contains("ballast.dev/original")) return;
    if (Pick(2) == 0) {
      annotations.erase("ballast.dev/original");
    } else {
      annotations["ballast.dev/original"] = "{}";
    }
    const std::optional<json> result = Write(object, &*stored_);
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(*result, *stored_);
  }

  std::mt19937 random_;
  std::vector<Snapshot> worlds_;
  size_t world_ = 0;
  json text_;
  std::optional<json> stored_;
};

TEST(PinnedDecisions, AnySequenceOfEditsEndsWhereAFreshCreateWould) {
  for (unsigned seed = 0; seed < 120; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Cluster(seed).Run(25);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace ballast::webhook
