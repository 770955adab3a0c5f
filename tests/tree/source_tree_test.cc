// Holds this repository to its own rules, and each check to a made-up tree in which it must fail.
#include "tests/tree/source_tree.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace ballast::tree {
namespace {

using Check = std::vector<std::string> (*)(const SourceTree&);

struct NamedCheck {
  std::string name;
  Check check;
};
void PrintTo(const NamedCheck& named, std::ostream* out) { *out << named.name; }

const NamedCheck kChecks[] = {
    {"ForbiddenIncludes", ForbiddenIncludes},
    {"ForbiddenClocks", ForbiddenClocks},
    {"ForbiddenTexts", ForbiddenTexts},
    {"ForeignCode", ForeignCode},
    {"HeadersWithoutPragmaOnce", HeadersWithoutPragmaOnce},
    {"SourcesWithoutCMakeLine", SourcesWithoutCMakeLine},
    {"UnlistedRules", UnlistedRules},
    {"UndescribedRules", UndescribedRules},
    {"UntestedRules", UntestedRules},
};

class ThisTree : public testing::TestWithParam<NamedCheck> {};

TEST_P(ThisTree, HasNone) {
  static const SourceTree tree = ReadTree(BALLAST_SOURCE_DIR);
  ASSERT_TRUE(tree.contains("policy/result.h"));
  EXPECT_EQ(GetParam().check(tree), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Checks, ThisTree, testing::ValuesIn(kChecks),
                         [](const auto& tested) { return tested.param.name; });

// A tree without a mistake, to which each case adds one file or puts another text in its place.
SourceTree GoodTree() {
  return {
      {"policy/result.h", "\n#pragma once\n#include <string>\n"},
      {"policy/CMakeLists.txt",
       "add_library(policy\n  rules/executor_shape.cc\n  rules/rules.cc\n)"},
      {"policy/README.md", "| `executor-shape` | splits |"},
      {"policy/rules/rules.h", "\n#pragma once\n#include \"policy/result.h\"\n"},
      {"policy/rules/rules.cc", "const Rule* const kRules[] = {\n    &kExecutorShape,\n};"},
      {"policy/rules/executor_shape.cc",
       "#include \"policy/rules/rules.h\"\nconst Rule kExecutorShape = {\"executor-shape\"};"},
      {"tests/policy/rules/CMakeLists.txt",
       "ballast_test(rules_test SOURCES\n executor_shape_test.cc)"},
      {"tests/policy/rules/executor_shape_test.cc", "#include <gtest/gtest.h>\n"},
  };
}

TEST(MadeUpTree, GoodOneHasNoMistake) {
  for (const NamedCheck& named : kChecks) {
    EXPECT_EQ(named.check(GoodTree()), std::vector<std::string>()) << named.name;
  }
}

struct Mistake {
  std::string name;
  Check check;
  std::string path;  // of the file that is put into the good tree
  std::string text;
  std::string want;  // the one mistake that is found; empty: none
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

const Mistake kMistakes[] = {
    {"PolicyIncludesKubernetes", ForbiddenIncludes, "policy/a.cc", "#include \"k8s/patch.h\"\n",
     "policy/a.cc: may not include k8s/patch.h"},
    {"PolicyIncludesALibrary", ForbiddenIncludes, "policy/a.cc", "#include <nlohmann/json.hpp>\n",
     "policy/a.cc: may not include nlohmann/json.hpp"},
    {"PolicyIncludesTheSystem", ForbiddenIncludes, "policy/a.cc", "#include <unistd.h>\n",
     "policy/a.cc: may not include unistd.h"},
    {"PolicyIncludesTheStandardLibrary", ForbiddenIncludes, "policy/a.cc",
     "#include <string_view>\n", ""},
    {"KubernetesIncludesTheWebhook", ForbiddenIncludes, "k8s/a.cc",
     "#include \"webhook/admit.h\"\n", "k8s/a.cc: may not include webhook/admit.h"},
    {"KubernetesIncludesCertificates", ForbiddenIncludes, "k8s/kinds/a.cc",
     "#include \"certs/issue.h\"\n", "k8s/kinds/a.cc: may not include certs/issue.h"},
    {"KubernetesIncludesPolicy", ForbiddenIncludes, "k8s/a.cc", "#include \"policy/result.h\"\n",
     ""},
    {"CertificatesIncludeResult", ForbiddenIncludes, "certs/a.cc", "#include \"policy/result.h\"\n",
     ""},
    {"CertificatesIncludeMoreOfPolicy", ForbiddenIncludes, "certs/a.cc",
     "#include \"policy/rules/rules.h\"\n", "certs/a.cc: may not include policy/rules/rules.h"},
    {"TheWebhookIncludesTests", ForbiddenIncludes, "webhook/a.cc", "#include \"tests/a.h\"\n",
     "webhook/a.cc: may not include tests/a.h"},
    {"NotFromTheRoot", ForbiddenIncludes, "policy/a.cc", "#include \"policy/gone.h\"\n",
     "policy/a.cc: includes policy/gone.h, which is no file from the root on"},
    {"ASourceIsIncluded", ForbiddenIncludes, "policy/a.cc", "#include \"policy/rules/rules.cc\"\n",
     "policy/a.cc: nothing includes policy/rules/rules.cc"},
    {"PolicyAsksForTheTime", ForbiddenClocks, "policy/a.cc", "std::chrono::system_clock::now();",
     "policy/a.cc: time is a value here, not a call of _clock::now"},
    {"RotationAsksForTheTime", ForbiddenClocks, "certs/rotation.cc", "time(nullptr)",
     "certs/rotation.cc: time is a value here, not a call of time(nullptr)"},
    {"TheWebhookAsksForTheTime", ForbiddenClocks, "webhook/a.cc", "time(nullptr)", ""},
    {"APathOfAMachine", ForbiddenTexts, "scripts/a.sh",
     "cd /ro"
     "ot/x",
     "scripts/a.sh: says /ro"
     "ot/"},
    {"AThoughtForLater", ForbiddenTexts, "webhook/a.cc",
     "// TO"
     "DO",
     "webhook/a.cc: says TO"
     "DO"},
    {"SomebodyElsesManifest", ForbiddenTexts, "tests/testdata/a.yaml",
     "/ro"
     "ot/x",
     ""},
    {"AHeaderOfOthers", ForeignCode, "webhook/json.hpp", "",
     "webhook/json.hpp: code of others comes by package, not by copy"},
    {"AFolderOfOthers", ForeignCode, "third_party/a/b.cc", "",
     "third_party/a/b.cc: code of others comes by package, not by copy"},
    {"TheNoticeOfOthers", ForeignCode, "policy/a.cc",
     "// Copy"
     "right 2011 Somebody",
     "policy/a.cc: code of others comes by package, not by copy"},
    {"NoPragmaOnce", HeadersWithoutPragmaOnce, "policy/a.h", "#include <string>\n",
     "policy/a.h: has no #pragma once"},
    {"AnOrphan", SourcesWithoutCMakeLine, "policy/orphan.cc", "",
     "policy/orphan.cc: is in no CMakeLists.txt"},
    {"AnotherOnesName", SourcesWithoutCMakeLine, "policy/rules/shape.cc", "",
     "policy/rules/shape.cc: is in no CMakeLists.txt"},
    {"AnOrphanedTest", SourcesWithoutCMakeLine, "tests/policy/a_test.cc", "",
     "tests/policy/a_test.cc: is in no CMakeLists.txt"},
    {"OnlyCommentedOut", SourcesWithoutCMakeLine, "policy/CMakeLists.txt",
     "  rules/executor_shape.cc\n  # rules/rules.cc\n",
     "policy/rules/rules.cc: is in no CMakeLists.txt"},
    {"ARuleNotInTheList", UnlistedRules, "policy/rules/rules.cc",
     "{ &kExecutorShapes, /* kExecutorShape */ }",
     "policy/rules/executor_shape.cc: kExecutorShape is not in rules.cc's list"},
    {"ARuleWithAnotherId", UnlistedRules, "policy/rules/executor_shape.cc",
     "const Rule kExecutorShape = {\"executor-form\"};",
     "policy/rules/executor_shape.cc: its rule's id is not \"executor-shape\""},
    {"ARuleThatIsNotDescribed", UndescribedRules, "policy/README.md", "executor-shape",
     "policy/README.md: does not describe `executor-shape`"},
    {"ARuleWithoutATest", UntestedRules, "policy/rules/kryo_buffer.cc",
     "const Rule kKryoBuffer = {};",
     "policy/rules/kryo_buffer.cc: has no tests/policy/rules/kryo_buffer_test.cc"},
};

TEST(MadeUpTree, AHeaderMayBeMadeFromATemplate) {
  SourceTree tree = GoodTree();
  tree["policy/a.h"] = "\n#pragma once\n#include \"policy/version.h\"\n";
  EXPECT_EQ(ForbiddenIncludes(tree).size(), 1u);
  tree["policy/version.h.in"] = "";
  EXPECT_EQ(ForbiddenIncludes(tree), std::vector<std::string>());
}

TEST(MadeUpTree, TheRootMayListASource) {
  SourceTree tree = GoodTree();
  tree["webhook/main.cc"] = "";
  EXPECT_EQ(SourcesWithoutCMakeLine(tree).size(), 1u);
  tree["CMakeLists.txt"] = "add_executable(ballast webhook/main.cc)";
  EXPECT_EQ(SourcesWithoutCMakeLine(tree), std::vector<std::string>());
}

class MadeUpMistake : public testing::TestWithParam<Mistake> {};

TEST_P(MadeUpMistake, IsFound) {
  const Mistake& mistake = GetParam();
  SourceTree tree = GoodTree();
  tree[mistake.path] = mistake.text;
  std::vector<std::string> want;
  if (!mistake.want.empty()) want.push_back(mistake.want);
  EXPECT_EQ(mistake.check(tree), want);
}

INSTANTIATE_TEST_SUITE_P(Mistakes, MadeUpMistake, testing::ValuesIn(kMistakes),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace ballast::tree
