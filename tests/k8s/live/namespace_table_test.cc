#include "k8s/live/namespace_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ballast::k8s {
namespace {

using nlohmann::json;
using Kind = NamespaceObject;

json Space(const std::string& name, const std::string& team) {
  return {{"metadata", {{"name", name}, {"labels", {{"team", team}}}}}};
}
json Quota(const std::string& space, const std::string& name, const std::string& used) {
  return {{"metadata", {{"name", name}, {"namespace", space}}},
          {"spec", {{"hard", {{"pods", "10"}}}}},
          {"status", {{"hard", {{"pods", "10"}}}, {"used", {{"pods", used}}}}}};
}
json Range(const std::string& space) {
  return {{"metadata", {{"name", "range"}, {"namespace", space}}},
          {"spec", {{"limits", {{{"type", "Container"}, {"max", {{"memory", "8Gi"}}}}}}}}};
}

TEST(NamespaceTableTest, JoinsLabelsQuotasAndLimitRanges) {
  NamespaceTable table;
  EXPECT_FALSE(table.changed());
  // Quotas may come before their namespace does.
  EXPECT_EQ(table.Put(Kind::kQuota, JsonView(Quota("a", "q", "3"))), std::nullopt);
  EXPECT_FALSE(table.States()->contains("a"));
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.Put(Kind::kLimitRange, JsonView(Range("a")));
  EXPECT_TRUE(table.changed());
  const auto states = table.States();
  ASSERT_TRUE(states->contains("a"));
  const policy::NamespaceState& state = *states->at("a");
  EXPECT_EQ(state.labels.at("team"), "red");
  ASSERT_EQ(state.quotas.size(), 1u);
  EXPECT_EQ(state.quotas[0].used.at("pods"), 3);
  ASSERT_EQ(state.limit_ranges.size(), 1u);
  EXPECT_FALSE(table.changed());
  EXPECT_EQ(table.States(), states);
}

TEST(NamespaceTableTest, SharesWhatDidNotChange) {
  NamespaceTable table;
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.Put(Kind::kNamespace, JsonView(Space("b", "red")));
  const auto before = table.States();
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  EXPECT_FALSE(table.changed());
  table.Put(Kind::kNamespace, JsonView(Space("b", "blue")));
  const auto after = table.States();
  EXPECT_EQ(after->at("a"), before->at("a"));
  EXPECT_EQ(after->at("b")->labels.at("team"), "blue");
  EXPECT_EQ(before->at("b")->labels.at("team"), "red");
}

TEST(NamespaceTableTest, ANewListTakesAwayWhatItDoesNotName) {
  NamespaceTable table;
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.Put(Kind::kNamespace, JsonView(Space("b", "red")));
  table.Put(Kind::kQuota, JsonView(Quota("a", "one", "1")));
  table.Put(Kind::kQuota, JsonView(Quota("a", "two", "1")));
  table.ListBegins(Kind::kQuota);
  table.Put(Kind::kQuota, JsonView(Quota("a", "two", "1")));
  table.ListEnds(Kind::kQuota);
  table.ListBegins(Kind::kNamespace);
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.ListEnds(Kind::kNamespace);
  const auto states = table.States();
  EXPECT_EQ(states->size(), 1u);
  ASSERT_EQ(states->at("a")->quotas.size(), 1u);
  EXPECT_EQ(states->at("a")->quotas[0].name, "two");
}

TEST(NamespaceTableTest, FollowsWhatIsRemoved) {
  NamespaceTable table;
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.Put(Kind::kQuota, JsonView(Quota("a", "q", "1")));
  table.Put(Kind::kLimitRange, JsonView(Range("a")));
  table.Removed(Kind::kQuota, JsonView(Quota("a", "q", "1")));
  table.Removed(Kind::kLimitRange, JsonView(Range("a")));
  EXPECT_TRUE(table.States()->at("a")->quotas.empty());
  EXPECT_TRUE(table.States()->at("a")->limit_ranges.empty());
  table.Removed(Kind::kNamespace, JsonView(Space("a", "red")));
  EXPECT_TRUE(table.States()->empty());
}

TEST(NamespaceTableTest, ABadQuotaKeepsTheGoodOne) {
  NamespaceTable table;
  table.Put(Kind::kNamespace, JsonView(Space("a", "red")));
  table.Put(Kind::kQuota, JsonView(Quota("a", "q", "3")));
  table.ListBegins(Kind::kQuota);
  const auto bad = table.Put(Kind::kQuota, JsonView(Quota("a", "q", "many")));
  table.ListEnds(Kind::kQuota);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->where, "ResourceQuota q of the namespace a");
  EXPECT_EQ(table.States()->at("a")->quotas.at(0).used.at("pods"), 3);
}

}  // namespace
}  // namespace ballast::k8s
