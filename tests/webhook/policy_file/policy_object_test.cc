// Policies as the API server sends them: the same readings and the same mistakes as of a file, with
// the path instead of line and column.
#include "webhook/policy_file/policy_object.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "k8s/json_text.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

std::string Told(const std::variant<PolicyFile, std::vector<policy::Error>>& read) {
  if (std::holds_alternative<PolicyFile>(read)) return "good";
  return JoinMistakes(std::get<std::vector<policy::Error>>(read), 100'000);
}

struct ObjectCase {
  const char* name;
  std::string_view kind;
  const char* spec;
  const char* want;
};
void PrintTo(const ObjectCase& one, std::ostream* out) { *out << one.name; }

const ObjectCase kCases[] = {
    {"Empty", kPolicyKind, "{}", "good"},
    {"Sizes", kPolicyKind, R"({"limits":{"executor":{"heap":{"min":"1g","max":"32g"}}}})", "good"},
    {"NumberWithoutUnit", kPolicyKind, R"({"limits":{"executor":{"heap":{"max":28}}}})",
     "spec.limits.executor.heap.max: '28' has no unit; write 28g or 28m"},
    {"CoresAsNumber", kPolicyKind, R"({"limits":{"driver":{"cores":{"max":8}}}})", "good"},
    {"ShareAsNumber", kPolicyKind, R"({"limits":{"application":{"memoryShare":0.8}}})", "good"},
    {"OffOfYaml11", kPolicyKind, R"({"rules":{"executor-shape":false}})", "good"},
    {"OnOfYaml11", kPolicyKind, R"({"rules":{"executor-shape":true}})",
     "spec.rules.executor-shape: 'true' is no mode of a rule; write Enforce, Warn or Off"},
    {"AllMistakes", kPolicyKind,
     R"({"mode":"Enforced","limits":{"executor":{"heap":{"min":"2g","max":"1g"}}},
         "rules":{"kryo-bufer":"Warn"},
         "settings":[{"key":"spark.network.timeout","min":"120"}]})",
     "spec.limits.executor.heap.min: (2g) is above max (1g); "
     "spec.mode: 'Enforced' is not known here; write Enforce, Warn or Audit; "
     "spec.rules.kryo-bufer: there is no such rule; did you mean kryo-buffer?; "
     "spec.settings[0].min: '120' has no unit; write 120s"},
    {"MapForAValue", kPolicyKind, R"({"split":{"minHeap":{"a":1}}})",
     "spec.split.minHeap: takes a Spark size: 28g, not a map"},
    {"Exception", kExceptionKind,
     R"({"rules":["executor-shape"],"until":"2026-12-31","reason":"r"})", "good"},
    {"ExceptionOfAFact", kExceptionKind,
     R"({"rules":["spark-refuses"],"until":"2026-12-31","reason":"r"})",
     "spec.rules[0]: rule 'spark-refuses' states a fact, which no exception can lift: the job "
     "would not run"},
    {"ExceptionWithoutEnd", kExceptionKind, R"({"rules":["cores"],"reason":"r"})",
     "spec: an exception needs until, the date on which it ends"},
};

class PolicyObject : public testing::TestWithParam<ObjectCase> {};
INSTANTIATE_TEST_SUITE_P(Cases, PolicyObject, testing::ValuesIn(kCases),
                         [](const auto& row) { return row.param.name; });

TEST_P(PolicyObject, IsReadAsAFileIs) {
  const json object = {
      {"metadata", {{"name", "org"}, {"uid", "1"}, {"newOfKubernetes", json::array()}}},
      {"spec", k8s::ParseJson(GetParam().spec)},
      {"status", {{"anything", 1}}}};
  EXPECT_EQ(Told(ReadPolicyObject(k8s::JsonView(object), GetParam().kind)), GetParam().want);
}

TEST(PolicyObject, KeepsWhatMetadataSays) {
  const json object = {
      {"metadata",
       {{"name", "quarter-end"},
        {"namespace", "jobs"},
        {"creationTimestamp", "2026-09-01T00:00:00Z"},
        {"annotations", {{"ballast.dev/requester", "ann"}, {"other", "x"}}}}},
      {"spec", {{"rules", {"cores"}}, {"until", "2026-12-31"}, {"reason", "quarter end"}}}};
  const auto read = ReadPolicyObject(k8s::JsonView(object), kExceptionKind);
  ASSERT_TRUE(std::holds_alternative<PolicyFile>(read)) << Told(read);
  const auto& exception = std::get<PolicyFile>(read).exceptions.at(0);
  EXPECT_EQ(exception.name, "quarter-end");
  EXPECT_EQ(exception.namespace_name, "jobs");
  EXPECT_EQ(exception.requester, "ann");
  EXPECT_EQ(exception.created_seconds, 1'788'220'800);
}

TEST(PolicyObject, TakesTheGeneration) {
  const json object = {{"metadata", {{"name", "org"}, {"generation", 7}}},
                       {"spec", json::object()}};
  const auto read = ReadPolicyObject(k8s::JsonView(object), kPolicyKind);
  ASSERT_TRUE(std::holds_alternative<PolicyFile>(read)) << Told(read);
  EXPECT_EQ(std::get<PolicyFile>(read).policies.at(0).generation, 7);
}

TEST(PolicyObject, NeedsASpec) {
  const json object = {{"metadata", {{"name", "org"}}}};
  EXPECT_EQ(Told(ReadPolicyObject(k8s::JsonView(object), kPolicyKind)), "spec is missing");
}

TEST(PolicyObject, IsBounded) {
  json deep = 1;
  for (int i = 0; i < 100; ++i) deep = {{"a", deep}};
  json object = {{"metadata", {{"name", "org"}}}, {"spec", deep}};
  const char* const kBound =
      "spec: nested deeper than 64 levels, or more than 100000 values, which no policy needs";
  EXPECT_EQ(Told(ReadPolicyObject(k8s::JsonView(object), kPolicyKind)), kBound);
  object["spec"] = {{"settings", json(std::vector<int>(200'000, 1))}};
  EXPECT_EQ(Told(ReadPolicyObject(k8s::JsonView(object), kPolicyKind)), kBound);
}

TEST(JoinMistakes, IsCutBetweenMistakes) {
  const std::vector<policy::Error> mistakes = {{"a", "one"}, {"b", "two"}, {"", "three"}};
  EXPECT_EQ(JoinMistakes(mistakes, 100), "a: one; b: two; three");
  EXPECT_EQ(JoinMistakes(mistakes, 14), "a: one; b: two; and 1 more");
  EXPECT_EQ(JoinMistakes(mistakes, 13), "a: one; and 2 more");
}

}  // namespace
}  // namespace ballast::webhook
