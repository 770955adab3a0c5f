// The definitions that the chart ships are those that the field table makes. UPDATE_GOLDEN=1
// writes them anew.
#include "webhook/policy_file/policy_crd.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <variant>

#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "webhook/policy_file/policy_yaml.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST(PolicyCrd, TheChartShipsWhatTheTableSays) {
  const fs::path folder = fs::path(BALLAST_SOURCE_DIR) / "helm/ballast/files/crds";
  std::set<std::string> wanted;
  for (const PolicyCrd& crd : PolicyCrds()) {
    const fs::path file = folder / (crd.name + ".yaml");
    wanted.insert(file.filename().string());
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(file) << PrintPolicyCrd(crd);
    EXPECT_EQ(ReadFile(file), PrintPolicyCrd(crd)) << "UPDATE_GOLDEN=1 writes it anew";
  }
  std::set<std::string> shipped;
  for (const auto& file : fs::directory_iterator(folder)) {
    shipped.insert(file.path().filename().string());
  }
  EXPECT_EQ(shipped, wanted);
}

// The schema at the path of a field, or null.
json SchemaAt(const json& spec, std::string_view path) {
  const json* at = &spec;
  while (true) {
    const size_t dot = path.find('.');
    const auto& properties = at->value("properties", json::object());
    const std::string key(path.substr(0, dot));
    if (!properties.contains(key)) return nullptr;
    at = &at->at("properties").at(key);
    if (dot == std::string_view::npos) return *at;
    path.remove_prefix(dot + 1);
  }
}

TEST(PolicyCrd, EveryFieldIsThereAndExplained) {
  const json spec = PolicySpecSchema();
  for (const policy::PolicyField& field : policy::PolicyFields()) {
    SCOPED_TRACE(field.path);
    const json schema = SchemaAt(spec, field.path);
    ASSERT_TRUE(schema.is_object());
    EXPECT_TRUE(schema.value("description", "").starts_with(field.comment));
    EXPECT_TRUE(schema.contains("type") || schema.contains("x-kubernetes-int-or-string") ||
                schema.contains("x-kubernetes-preserve-unknown-fields"));
  }
}

// The API server refuses a definition whose CEL might cost too much: what has no bound counts as
// three million.
void CheckBounds(const json& schema, const std::string& path) {
  const std::string type = schema.value("type", "");
  if (type == "array") {
    EXPECT_TRUE(schema.contains("maxItems")) << path;
    CheckBounds(schema.at("items"), path + "[]");
  }
  if (type == "string" && !schema.contains("enum")) {
    EXPECT_TRUE(schema.contains("maxLength")) << path;
  }
  if (schema.contains("additionalProperties")) {
    EXPECT_TRUE(schema.contains("maxProperties")) << path;
    CheckBounds(schema.at("additionalProperties"), path + ".*");
  }
  const json properties = schema.value("properties", json::object());
  for (const auto& [key, value] : properties.items()) CheckBounds(value, path + "." + key);
}

TEST(PolicyCrd, EverythingIsBounded) {
  CheckBounds(PolicySpecSchema(), "policy");
  CheckBounds(ExceptionSpecSchema(), "exception");
}

struct RangeCase {
  const char* name;
  const char* path;
  const char* rule;
};
void PrintTo(const RangeCase& one, std::ostream* out) { *out << one.name; }

constexpr RangeCase kRanges[] = {
    {"Count", "limits.application.executors",
     "!has(self.min) || !has(self.max) || self.min <= self.max"},
    {"Cpu", "limits.driver.cores",
     "!has(self.min) || !has(self.max) || !isQuantity(string(self.min)) || "
     "!isQuantity(string(self.max)) || "
     "quantity(string(self.min)).compareTo(quantity(string(self.max))) <= 0"},
};
class PolicyCrdRange : public testing::TestWithParam<RangeCase> {};
INSTANTIATE_TEST_SUITE_P(Ranges, PolicyCrdRange, testing::ValuesIn(kRanges),
                         [](const auto& row) { return row.param.name; });
TEST_P(PolicyCrdRange, IsARuleOfItsOwn) {
  const json schema = SchemaAt(PolicySpecSchema(), GetParam().path);
  const std::string path = GetParam().path;
  EXPECT_EQ(schema.at("x-kubernetes-validations"),
            json::array({{{"rule", GetParam().rule},
                          {"message", path + ".min is above " + path + ".max"}}}));
}

}  // namespace
}  // namespace ballast::webhook
