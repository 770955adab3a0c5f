// policy/README.md lists every rule and every field, as the tables in the code have them.
// UPDATE_GOLDEN=1 writes the two tables anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "policy/policy_fields.h"
#include "policy/policy_values.h"
#include "policy/rule.h"
#include "policy/rule_defaults.h"

namespace ballast::policy {
namespace {

constexpr char kReadme[] = BALLAST_SOURCE_DIR "/policy/README.md";

bool Reads(std::string_view readers, std::string_view id) {
  while (!readers.empty()) {
    const std::string_view reader = readers.substr(0, readers.find(' '));
    if (reader == id) return true;
    readers.remove_prefix(std::min(readers.size(), reader.size() + 1));
  }
  return false;
}

// "`limits.kryoBufferMax` `limits.kryoHeapShare`".
std::string FieldsOf(std::string_view id) {
  std::string fields;
  for (const PolicyField& field : PolicyFields()) {
    if (!Reads(field.readers, id)) continue;
    fields += (fields.empty() ? "`" : " `") + std::string(field.path) + "`";
  }
  return fields;
}

std::string RulesTable() {
  std::string table = "| Rule | Default | What Enforce sees to | Fields |\n|---|---|---|---|\n";
  for (const RuleDefault& known : RuleDefaults()) {
    const Rule* rule = FindRule(known.id);
    table += "| `" + std::string(known.id) + "` | " + std::string(Name(known.mode)) +
             (known.fact ? ", a fact" : "") + " | " +
             (rule == nullptr ? "" : std::string(rule->summary)) + " | " + FieldsOf(known.id) +
             " |\n";
  }
  return table;
}

std::string FieldsTable() {
  std::string table = "| Field | Takes | Default | Meaning | Read by |\n|---|---|---|---|---|\n";
  for (const PolicyField& field : PolicyFields()) {
    table += "| `" + std::string(field.path) + "` | " + std::string(Describe(field.type)) + " | " +
             std::string(field.without) + " | " + std::string(field.comment) + " | " +
             std::string(field.readers) + " |\n";
  }
  return table;
}

// The text with what stands between the marker's line and the next end marker replaced.
std::string WithTable(const std::string& text, const std::string& marker,
                      const std::string& table) {
  const size_t begin = text.find("<!-- " + marker);
  if (begin == std::string::npos) return "no marker " + marker;
  const size_t from = text.find('\n', begin) + 1;
  const size_t to = text.find("<!-- end -->", from);
  return text.substr(0, from) + table + text.substr(to);
}

TEST(PolicyReadme, ListsEveryRuleAndField) {
  std::ifstream file(kReadme);
  std::stringstream read;
  read << file.rdbuf();
  const std::string text = read.str();
  const std::string want =
      WithTable(WithTable(text, "rules", RulesTable()), "fields", FieldsTable());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(kReadme) << want;
  EXPECT_EQ(text, want) << "write it anew with UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace ballast::policy
