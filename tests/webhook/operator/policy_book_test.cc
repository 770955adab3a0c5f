// Stored policies: what comes into force, and what stays when a bad one comes.
#include "webhook/operator/policy_book.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "k8s/json_text.h"
#include "webhook/policy_file/policy_object.h"
#include "webhook/policy_file/policy_yaml_exception.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

json Stored(const char* name, int generation, const char* spec, const char* uid = "u1") {
  return {{"metadata", {{"name", name}, {"uid", uid}, {"generation", generation}}},
          {"spec", k8s::ParseJson(spec)}};
}

struct Book {
  int changes = 0;
  PolicyBook book{[this] { ++changes; }};

  void Put(const json& object) { book.Put(kPolicyKind, k8s::JsonView(object)); }
  void Removed(const json& object) { book.Removed(kPolicyKind, k8s::JsonView(object)); }
  void List(const std::vector<json>& objects) {
    book.ListBegins(kPolicyKind);
    for (const json& object : objects) Put(object);
    book.ListEnds(kPolicyKind);
  }
  // "org@2 split@1"
  std::string InForce() const {
    std::string text;
    for (const policy::Policy& one : book.Policies()) {
      text += (text.empty() ? "" : " ") + one.name + "@" + std::to_string(one.generation);
    }
    return text;
  }
};

TEST(PolicyBook, AListComesIntoForceAsAWhole) {
  Book it;
  it.book.ListBegins(kPolicyKind);
  it.Put(Stored("a", 1, "{}"));
  EXPECT_EQ(it.changes, 0);
  it.Put(Stored("b", 3, "{}", "u2"));
  it.book.ListEnds(kPolicyKind);
  EXPECT_EQ(it.changes, 1);
  EXPECT_EQ(it.InForce(), "a@1 b@3");
  it.List({Stored("b", 3, "{}", "u2")});
  EXPECT_EQ(it.InForce(), "b@3");
}

TEST(PolicyBook, AWatchChangesOneAtATime) {
  Book it;
  it.List({});
  it.Put(Stored("a", 1, "{}"));
  it.Put(Stored("a", 2, R"({"priority":5})"));
  EXPECT_EQ(it.InForce(), "a@2");
  EXPECT_EQ(it.changes, 3);
  // A status alone is no news.
  json with_status = Stored("a", 2, R"({"priority":5})");
  with_status["status"] = {{"observedGeneration", 2}};
  it.Put(with_status);
  EXPECT_EQ(it.changes, 3);
  EXPECT_EQ(it.book.All().at(0).status, with_status["status"]);
  it.Removed(with_status);
  EXPECT_EQ(it.InForce(), "");
  EXPECT_EQ(it.changes, 4);
}

TEST(PolicyBook, ABadOneLeavesTheLastGoodVersion) {
  Book it;
  it.List({Stored("a", 1, R"({"priority":5})")});
  it.Put(Stored("a", 2, R"({"priority":"high"})"));
  EXPECT_EQ(it.InForce(), "a@1");
  const StoredPolicy bad = it.book.All().at(0);
  EXPECT_EQ(bad.generation, 2);
  EXPECT_EQ(bad.in_force, 1);
  EXPECT_EQ(JoinMistakes(bad.mistakes, 1000), "spec.priority: 'high' is no whole number");
  it.Put(Stored("a", 3, R"({"priority":6})"));
  EXPECT_EQ(it.InForce(), "a@3");
  EXPECT_TRUE(it.book.All().at(0).mistakes.empty());
}

TEST(PolicyBook, AnotherObjectOfTheSameNameInheritsNothing) {
  Book it;
  it.List({Stored("a", 4, "{}", "u1")});
  it.Put(Stored("a", 1, R"({"priority":"high"})", "u2"));
  EXPECT_EQ(it.InForce(), "");
  EXPECT_EQ(it.book.All().at(0).in_force, 0);
}

TEST(PolicyBook, AListThatFailsMidwayTakesNothingAway) {
  Book it;
  it.List({Stored("a", 1, "{}"), Stored("b", 1, "{}", "u2")});
  it.book.ListBegins(kPolicyKind);
  it.Put(Stored("a", 1, "{}"));
  it.List({Stored("a", 1, "{}"), Stored("b", 1, "{}", "u2")});
  EXPECT_EQ(it.InForce(), "a@1 b@1");
}

TEST(PolicyBook, ExceptionsHaveAShelfOfTheirOwn) {
  Book it;
  it.List({Stored("a", 1, "{}")});
  const json exception = {
      {"metadata", {{"name", "x"}, {"namespace", "jobs"}, {"uid", "u9"}}},
      {"spec", {{"rules", {"cores"}}, {"until", "2026-12-31"}, {"reason", "r"}}}};
  it.book.Put(kExceptionKind, k8s::JsonView(exception));
  it.List({Stored("a", 1, "{}")});
  ASSERT_EQ(it.book.Exceptions().size(), 1U);
  EXPECT_EQ(it.book.Exceptions().at(0).namespace_name, "jobs");
  it.book.ListBegins(kExceptionKind);
  it.book.ListEnds(kExceptionKind);
  EXPECT_TRUE(it.book.Exceptions().empty());
  EXPECT_EQ(it.InForce(), "a@1");
}

// A policy as the API server keeps it: created at 10:00, its spec and its status written later.
json PolicyWritten(const char* name, const char* spec, const char* spec_time,
                   const char* status_time, int generation = 1) {
  json object = Stored(name, generation, spec, name);
  object["metadata"]["creationTimestamp"] = "2026-11-21T10:00:00Z";
  object["metadata"]["managedFields"] = {
      {{"manager", "kubectl"}, {"time", spec_time}, {"fieldsV1", {{"f:spec", json::object()}}}},
      {{"manager", "ballast"},
       {"subresource", "status"},
       {"time", status_time},
       {"fieldsV1", {{"f:status", json::object()}}}}};
  return object;
}

TEST(PolicyBook, KnowsWhenTheLatestPolicyWasWritten) {
  const auto moment = [](const char* text) { return *ReadMoment(text); };
  const json a = PolicyWritten("a", "{}", "2026-11-21T11:00:00Z", "2026-11-21T13:00:00Z");
  const json b = PolicyWritten("b", "{}", "2026-11-21T12:00:00Z", "2026-11-21T13:00:00Z");
  Book it;
  EXPECT_EQ(it.book.PoliciesWrittenSeconds(), 0);
  it.List({a, b});
  EXPECT_EQ(it.book.PoliciesWrittenSeconds(), moment("2026-11-21T12:00:00Z"));
  // A status that is written is no change, and one that is not valid comes into force never.
  it.Put(PolicyWritten("b", "{}", "2026-11-21T12:00:00Z", "2026-11-21T14:00:00Z"));
  it.Put(PolicyWritten("b", R"({"mode":"?"})", "2026-11-21T14:00:00Z", "2026-11-21T14:00:00Z", 2));
  EXPECT_EQ(it.book.PoliciesWrittenSeconds(), moment("2026-11-21T12:00:00Z"));
  // Another replica that starts now says the same, and so do they once it is gone.
  const int changes = it.changes;
  it.Put(
      PolicyWritten("a", R"({"priority":5})", "2026-11-21T15:00:00Z", "2026-11-21T14:00:00Z", 2));
  EXPECT_EQ(it.book.PoliciesWrittenSeconds(), moment("2026-11-21T15:00:00Z"));
  EXPECT_EQ(it.changes, changes + 1);
  it.List({b});
  Book other;
  other.List({b});
  EXPECT_EQ(it.book.PoliciesWrittenSeconds(), moment("2026-11-21T12:00:00Z"));
  EXPECT_EQ(other.book.PoliciesWrittenSeconds(), it.book.PoliciesWrittenSeconds());
  // Where nobody notes who writes what, its creation counts.
  json plain = b;
  plain["metadata"].erase("managedFields");
  other.List({plain});
  EXPECT_EQ(other.book.PoliciesWrittenSeconds(), moment("2026-11-21T10:00:00Z"));
}

TEST(PolicyBook, IsBounded) {
  Book it;
  it.book.ListBegins(kPolicyKind);
  for (int i = 0; i < 10'001; ++i) {
    it.Put(Stored(("p" + std::to_string(i)).c_str(), 1, "{}", std::to_string(i).c_str()));
  }
  it.book.ListEnds(kPolicyKind);
  EXPECT_EQ(it.book.Policies().size(), 10'000U);
  EXPECT_EQ(it.book.left_out(), 1U);
}

}  // namespace
}  // namespace ballast::webhook
