#include "webhook/text/print_yaml.h"

#include <gtest/gtest.h>

#include <random>

#include "k8s/manifest.h"

namespace ballast::webhook {
namespace {

using nlohmann::json;

struct YamlCase {
  const char* name;
  json value;
  const char* want;
};

TEST(PrintYaml, IsBlockStyleWithQuotesWhereTheyAreNeeded) {
  const YamlCase cases[] = {
      {"AMap", {{"b", 1}, {"a", "x"}}, "a: x\nb: 1\n"},
      {"Nested",
       {{"spec", {{"executor", {{"memory", "28g"}}}}}},
       "spec:\n  executor:\n    memory: \"28g\"\n"},
      {"AList", {{"args", {"--a", "b"}}}, "args:\n  - \"--a\"\n  - b\n"},
      {"NothingInIt", {{"a", json::object()}, {"b", json::array()}}, "a: {}\nb: []\n"},
      {"Null", {{"a", nullptr}}, "a: null\n"},
      {"Values", {{"a", true}, {"b", -7}, {"c", 1.5}}, "a: true\nb: -7\nc: 1.5\n"},
      {"AWordThatYamlReads",
       {{"a", "yes"}, {"b", "Null"}, {"y", "off"}},
       "a: \"yes\"\nb: \"Null\"\n\"y\": \"off\"\n"},
      {"ANumberThatIsText",
       {{"a", "4"}, {"b", "1e3"}, {"c", "010"}, {"d", ".5"}},
       "a: \"4\"\nb: \"1e3\"\nc: \"010\"\nd: \".5\"\n"},
      {"APathAndAKey",
       {{"spark.executor.memory", "local:///a.jar"}, {"f", "/opt/x"}},
       "f: /opt/x\nspark.executor.memory: \"local:///a.jar\"\n"},
      {"SeveralLines", {{"a", "x\ny\n"}}, "a: \"x\\ny\\n\"\n"},
      {"NoText", {{"", ""}}, "\"\": \"\"\n"},
  };
  for (const YamlCase& test : cases) EXPECT_EQ(PrintYaml(test.value), test.want) << test.name;
}

std::string RandomText(std::mt19937& random) {
  static const char* const kTexts[] = {
      "",           "null",      "~",     "true",   "No",     "on",
      "4",          "0x1F",      "1_000", "1e3",    ".inf",   "-.5",
      "2026-11-21", "12:30",     "<<",    "- a",    "a: b",   "a #b",
      "#",          "&a",        "*a",    "!x",     "%",      "@",
      "`",          "{",         "[a]",   "'",      "\"",     "\\",
      "a\nb",       "\t",        " a ",   "é",      "日本",   "\xF0\x9F\x90\x8B",
      "28g",        "spark.a.b", "?",     "|",      ">",      "---",
      "...",        "\x7f",      "\x01",  "\u2028", "\u0085", "\uFEFF"};
  return kTexts[random() % std::size(kTexts)];
}

json RandomValue(std::mt19937& random, int depth) {
  switch (random() % (depth > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<int64_t>(random()) - 2147483648;
    case 3:
      return static_cast<double>(random()) / 64;
    case 4:
      return RandomText(random);
    case 5: {
      json list = json::array();
      for (auto n = random() % 4; n > 0; --n) list.push_back(RandomValue(random, depth - 1));
      return list;
    }
    default: {
      json object = json::object();
      for (auto n = random() % 4; n > 0; --n) {
        object[RandomText(random)] = RandomValue(random, depth - 1);
      }
      return object;
    }
  }
}

// `check -o manifest | kubectl apply -f -` must apply what was judged.
TEST(PrintYaml, ReadAsAManifestItIsTheSameValue) {
  std::mt19937 random(5);
  for (int round = 0; round < 3000; ++round) {
    const json object = {{"kind", "K"}, {"value", RandomValue(random, 4)}};
    const auto read = k8s::ReadManifests(PrintYaml(object), "printed");
    ASSERT_TRUE(read.ok()) << read.error().where << ": " << read.error().what << "\n"
                           << PrintYaml(object);
    ASSERT_EQ(read->size(), 1u);
    ASSERT_EQ(read->front().object, object) << PrintYaml(object);
  }
}

}  // namespace
}  // namespace ballast::webhook
