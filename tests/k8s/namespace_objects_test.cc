#include "k8s/namespace_objects.h"

#include <gtest/gtest.h>

#include "k8s/json_text.h"
#include "k8s/manifest.h"

namespace ballast::k8s {
namespace {

using policy::Amounts;
using policy::LimitRangeItem;
using policy::Requirement;

constexpr char kObjects[] = R"(
apiVersion: v1
kind: ResourceQuota
metadata: {name: compute, namespace: team-a}
spec:
  hard: {pods: "9", limits.cpu: "1"}
  scopes: [NotTerminating]
  scopeSelector:
    matchExpressions:
      - {scopeName: PriorityClass, operator: In, values: [high, urgent]}
status:
  hard: {pods: "10", limits.cpu: 1500m, requests.memory: 100Gi, requests.nvidia.com/gpu: "8"}
  used: {pods: "3", limits.cpu: "1"}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: batch, namespace: team-a}
spec: {hard: {persistentvolumeclaims: 4}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: bounds, namespace: team-a}
spec:
  limits:
    - type: Container
      min: {memory: 64Mi}
      max: {cpu: "8", memory: 32Gi}
      default: {cpu: "2"}
      maxLimitRequestRatio: {cpu: "2.5"}
    - {type: openshift.io/Image, max: {storage: 1Gi}}
    - {type: PersistentVolumeClaim, max: {storage: 1Ti}}
---
apiVersion: v1
kind: Namespace
metadata: {name: team-a, labels: {team: a}}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: team-b}
)";

TEST(NamespaceObjects, AreReadAsTheyStand) {
  const auto documents = ReadManifests(kObjects, "objects.yaml");
  ASSERT_TRUE(documents.ok()) << documents.error().what;
  NamespaceCollector collector;
  for (const ManifestDocument& document : *documents) {
    const JsonView object(document.object);
    const auto kind = *object["kind"].string();
    const auto added = collector.Add(kind, object);
    ASSERT_TRUE(added.ok()) << added.error().where << " " << added.error().what;
    EXPECT_EQ(*added, kind != "Service");
  }
  const policy::NamespaceStates states = std::move(collector).Take();
  ASSERT_EQ(states.size(), 1u);
  const policy::NamespaceState& state = *states.at("team-a");
  EXPECT_EQ(state.labels, (policy::Labels{{"team", "a"}}));

  // In order of their names; the hard amounts are those by which the API server judges.
  ASSERT_EQ(state.quotas.size(), 2u);
  EXPECT_EQ(state.quotas[0].hard, (Amounts{{"persistentvolumeclaims", 4}}));
  EXPECT_EQ(state.quotas[1].name, "compute");
  EXPECT_EQ(state.quotas[1].hard, (Amounts{{"pods", 10},
                                           {"limits.cpu", 1500},
                                           {"requests.memory", int64_t{100} << 30},
                                           {"requests.nvidia.com/gpu", 8}}));
  EXPECT_EQ(state.quotas[1].used, (Amounts{{"pods", 3}, {"limits.cpu", 1000}}));
  EXPECT_EQ(state.quotas[1].scopes,
            (std::vector<Requirement>{
                {"NotTerminating", Requirement::Operator::kExists, {}},
                {"PriorityClass", Requirement::Operator::kIn, {"high", "urgent"}}}));

  // What the API server fills in: the largest stands for a default, the default for a request.
  ASSERT_EQ(state.limit_ranges.size(), 1u);
  ASSERT_EQ(state.limit_ranges[0].items.size(), 2u);
  const LimitRangeItem& container = state.limit_ranges[0].items[0];
  EXPECT_EQ(container.type, LimitRangeItem::Type::kContainer);
  EXPECT_EQ(container.default_limits, (Amounts{{"cpu", 2000}, {"memory", int64_t{32} << 30}}));
  EXPECT_EQ(container.default_requests, (Amounts{{"cpu", 2000}, {"memory", int64_t{32} << 30}}));
  EXPECT_EQ(container.max_limit_request_ratio, (Amounts{{"cpu", 2500}}));
  const LimitRangeItem& claim = state.limit_ranges[0].items[1];
  EXPECT_EQ(claim.type, LimitRangeItem::Type::kPersistentVolumeClaim);
  EXPECT_EQ(claim.max, (Amounts{{"storage", int64_t{1} << 40}}));
  EXPECT_TRUE(claim.default_limits.empty());
}

struct BrokenCase {
  const char* name;
  const char* kind;
  const char* object;
  policy::Error want;
};
void PrintTo(const BrokenCase& test, std::ostream* stream) { *stream << test.name; }

class BrokenNamespaceObject : public ::testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenNamespaceObject, NamesThePlace) {
  const auto object = ParseJson(GetParam().object);
  NamespaceCollector collector;
  const auto added = collector.Add(GetParam().kind, JsonView(object));
  ASSERT_FALSE(added.ok());
  EXPECT_EQ(added.error().where, GetParam().want.where);
  EXPECT_EQ(added.error().what.substr(0, GetParam().want.what.size()), GetParam().want.what);
}

const BrokenCase kBroken[] = {
    {"Hard",
     "ResourceQuota",
     R"({"spec":{"hard":{"requests.nvidia.com/gpu":"many"}}})",
     {"/spec/hard/requests.nvidia.com~1gpu", "\"many\" is not a quantity"}},
    {"Used",
     "ResourceQuota",
     R"({"status":{"used":{"pods":"x"}}})",
     {"/status/used/pods", "\"x\" is not a quantity"}},
    {"Operator",
     "ResourceQuota",
     R"({"spec":{"scopeSelector":{"matchExpressions":[{"operator":"Near"}]}}})",
     {"/spec/scopeSelector/matchExpressions",
      "operator must be In, NotIn, Exists or DoesNotExist, not \"Near\""}},
    {"Limit",
     "LimitRange",
     R"({"spec":{"limits":[{"type":"Pod","max":{"cpu":true}}]}})",
     {"/spec/limits/0/max/cpu", "\"true\" is not a quantity"}},
};
INSTANTIATE_TEST_SUITE_P(Table, BrokenNamespaceObject, ::testing::ValuesIn(kBroken),
                         [](const auto& row) { return row.param.name; });

// Whatever stands there, nothing crashes.
TEST(NamespaceObjects, OfOtherTypesAreEmpty) {
  for (const char* text : {"null", "[]", "3", R"({"spec":[],"status":"x","metadata":7})",
                           R"({"spec":{"limits":{"a":1},"scopes":"x","hard":[]}})"}) {
    const auto object = ParseJson(text);
    EXPECT_TRUE(ReadResourceQuota(JsonView(object)).ok()) << text;
    EXPECT_TRUE(ReadLimitRange(JsonView(object)).ok()) << text;
    EXPECT_TRUE(ReadObjectLabels(JsonView(object)).empty()) << text;
  }
}

}  // namespace
}  // namespace ballast::k8s
